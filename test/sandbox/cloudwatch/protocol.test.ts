import { nestedInput, resultAnswer } from '../../../sandbox/cloudwatch/protocol.ts';
import type { AwsCall } from '../../../sandbox/gateway/aws-call.ts';

const shared = { service: 'monitoring', accessKeyId: 'a', method: 'POST', path: '/', body: Buffer.alloc(0) };
const query: AwsCall = {
  ...shared,
  action: 'PutMetricData',
  headers: {},
  input: {
    Action: 'PutMetricData',
    Namespace: 'n',
    'MetricData.member.2.MetricName': 'second',
    'MetricData.member.1.MetricName': 'first',
    'MetricData.member.1.Values.member.1': '5',
    'MetricData.member.1.Dimensions.member.1.Name': 'InstanceId',
    'MetricData.member.1.Dimensions.member.1.Value': 'i-1',
  },
};
const json: AwsCall = {
  ...shared,
  action: 'DescribeAlarmContributors',
  input: { AlarmName: 'a' },
  headers: { 'x-amz-target': 'GraniteServiceVersion20100801.DescribeAlarmContributors' },
};

test('the flat fields of Query become members and lists', () => {
  expect(nestedInput(query)).toEqual({
    Action: 'PutMetricData',
    Namespace: 'n',
    MetricData: [
      { MetricName: 'first', Values: ['5'], Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }] },
      { MetricName: 'second' },
    ],
  });
});

test('a JSON input stays as it is', () => {
  expect(nestedInput(json)).toEqual({ AlarmName: 'a' });
});

const result = {
  List: [{ Name: 'a<b', Labels: new Map([['path', '/']]), At: new Date('2026-11-23T10:00:00Z'), Value: 1.5 }],
  Left: undefined,
};

test('an answer in JSON has times as epoch seconds', () => {
  expect(resultAnswer(json, result).body).toBe(
    '{"List":[{"Name":"a<b","Labels":{"path":"/"},"At":1795428000,"Value":1.5}]}',
  );
});

test('an answer in XML has lists as members and maps as entries', () => {
  expect(resultAnswer(query, result).body).toContain(
    '<PutMetricDataResult><List><member><Name>a&lt;b</Name><Labels><entry><key>path</key><value>/</value></entry></Labels>' +
      '<At>2026-11-23T10:00:00.000Z</At><Value>1.5</Value></member></List></PutMetricDataResult>',
  );
});
