import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseAlarmEvent } from '../../../lambdas/core/alarm-event.ts';
import { EVENT_NAMES, readEvent } from '../read-event.ts';

const alarm = {
  kind: 'alarm',
  alarmName: 'fleet-disk-full',
  accountId: '123456789012',
  stateChangedAt: '2026-11-23T09:58:15.490Z',
};
const onData = { ...alarm, dimensions: { InstanceId: 'i-0123456789abcdef0', path: '/data' } };
const ALLOWED =
  'allowed is a CloudWatch alarm action, or an EventBridge "CloudWatch Alarm State Change" or "CloudWatch Alarm Contributor State Change"';

const READINGS: Record<string, object> = {
  'direct-metric-alarm': {
    ...alarm,
    alarmName: 'fleet-cpu-saturated',
    dimensions: { InstanceId: 'i-0123456789abcdef0', cpu: 'cpu-total' },
  },
  'direct-contributor': onData,
  'direct-contributor-as-in-sns': onData,
  'direct-contributor-not-named': alarm,
  'direct-composite-alarm': {
    ...alarm,
    alarmName: 'CompositeDemo.Main',
    stateChangedAt: '2026-11-23T09:56:46.138Z',
  },
  'eventbridge-contributor': onData,
  'eventbridge-alarm': { ...onData, dimensions: { InstanceId: 'i-0123456789abcdef0', path: '/data', fstype: 'xfs' } },
  'direct-ok': { kind: 'nothing-to-do', why: 'fleet-disk-full is OK: only ALARM opens an incident' },
  'eventbridge-contributor-ok': { kind: 'nothing-to-do', why: 'fleet-disk-full is OK: only ALARM opens an incident' },
  'eventbridge-contributor-muted': {
    kind: 'nothing-to-do',
    why: 'fleet-disk-full is muted by arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:release-day until 2026-11-23T11:00:00.000+0000',
  },
  'foreign-instance-state-change': {
    kind: 'not-understood',
    problem: `got an event with source "aws.ec2" and detail-type "EC2 Instance State-change Notification", keys "version, id, detail-type, source, account, time, region, resources"; ${ALLOWED}`,
  },
  garbage: {
    kind: 'not-understood',
    problem: `got an event with source "aws.cloudwatch" and detail-type none, keys "source, alarmArn, alarmData"; ${ALLOWED}`,
  },
};

test.each(Object.keys(READINGS))('the sample %s is read', (name) => {
  expect(parseAlarmEvent(readEvent(name))).toEqual(READINGS[name]);
});

test('every sample has a reading, and a source in the README', () => {
  expect(EVENT_NAMES.toSorted()).toEqual(Object.keys(READINGS).toSorted());
  const readme = readFileSync(join(import.meta.dirname, '../../fixtures/events/README.md'), 'utf8');
  for (const name of EVENT_NAMES) expect(readme).toContain(`| \`${name}.json\` |`);
});

test.each([
  [undefined, 'undefined'],
  [null, 'null'],
  ['ALARM', '"ALARM"'],
  [7, '7'],
])('S23: %p is not understood, and said so', (input, shown) => {
  expect(parseAlarmEvent(input)).toEqual({ kind: 'not-understood', problem: `got ${shown}, ${ALLOWED}` });
});

test('S23: a megabyte of nonsense is told in one line', () => {
  const parsed = parseAlarmEvent('x'.repeat(1_000_000));
  expect(parsed).toEqual({
    kind: 'not-understood',
    problem: `got "${'x'.repeat(79)}… (1000002 characters), ${ALLOWED}`,
  });
});

test('S23: a state that changed at no time is not understood', () => {
  const state = { value: 'ALARM', timestamp: 'yesterday' };
  const alarmData = { alarmName: 'fleet-disk-full', state };
  const input = { source: 'aws.cloudwatch', alarmArn: 'a', accountId: '123456789012', alarmData };
  expect(parseAlarmEvent(input)).toEqual({
    kind: 'not-understood',
    problem: 'fleet-disk-full: state.timestamp is not a time: "yesterday"',
  });
});

test('a contributor that names no instance is asked for, not guessed', () => {
  const alarmData = {
    alarmName: 'fleet-disk-full',
    state: { value: 'ALARM', timestamp: '2026-11-23T09:58:15.490+0000' },
    alarmContributor: { attributes: { path: '/data' } },
  };
  const input = { source: 'aws.cloudwatch', alarmArn: 'a', accountId: '123456789012', alarmData };
  expect(parseAlarmEvent(input)).toEqual(alarm);
});

test('S23: whatever comes, reading it throws nothing', () => {
  fc.assert(fc.property(fc.anything(), (input) => parseAlarmEvent(input).kind === 'not-understood'));
});
