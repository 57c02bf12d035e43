import type { AwsCall } from '../../../sandbox/gateway/aws-call.ts';
import { withLaunchTimes } from '../../../sandbox/gateway/launch-times.ts';

const describe: AwsCall = {
  service: 'ec2',
  action: 'DescribeInstances',
  accessKeyId: 'a',
  method: 'POST',
  path: '/',
  headers: {},
  body: Buffer.alloc(0),
  input: {},
};

test('only the instances of the map get another launch time', () => {
  const body =
    '<item><instanceId>i-1</instanceId><x/><launchTime>2026-11-23T10:00:00.000Z</launchTime></item>' +
    '<item><instanceId>i-2</instanceId><x/><launchTime>2026-11-23T10:00:00.000Z</launchTime></item>' +
    '<item><instanceId>i-3</instanceId><x/></item>';
  const launchTimes = new Map([
    ['i-2', new Date('2026-11-23T09:00:00Z')],
    ['i-3', new Date('2026-11-23T09:00:00Z')],
  ]);
  expect(withLaunchTimes(describe, { status: 200, body }, launchTimes).body).toBe(
    '<item><instanceId>i-1</instanceId><x/><launchTime>2026-11-23T10:00:00.000Z</launchTime></item>' +
      '<item><instanceId>i-2</instanceId><x/><launchTime>2026-11-23T09:00:00.000Z</launchTime></item>' +
      '<item><instanceId>i-3</instanceId><x/></item>',
  );
});

test('other calls stay as they are', () => {
  const answer = { status: 200, body: '<instanceId>i-1</instanceId><launchTime>x</launchTime>' };
  const launchTimes = new Map([['i-1', new Date(0)]]);
  expect(withLaunchTimes({ ...describe, action: 'RunInstances' }, answer, launchTimes)).toBe(answer);
});
