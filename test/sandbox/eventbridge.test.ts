import { matchesPattern, UnsupportedPattern } from '../../sandbox/eventbridge.ts';

const event = {
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm Contributor State Change',
  resources: ['arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-disk'],
  detail: { alarmName: 'web-disk', state: { value: 'ALARM' }, level: 7, tags: [{ key: 'a' }, { key: 'b' }] },
};

test.each([
  ['a literal', { source: ['aws.cloudwatch'] }],
  ['one of several literals', { source: ['aws.ec2', 'aws.cloudwatch'] }],
  ['fields within fields', { detail: { state: { value: ['ALARM'] } } }],
  ['an element of a list', { resources: [{ suffix: ':alarm:web-disk' }] }],
  ['a prefix', { detail: { alarmName: [{ prefix: 'web-' }] } }],
  ['any case', { detail: { alarmName: [{ 'equals-ignore-case': 'WEB-DISK' }] } }],
  ['a field that exists', { detail: { alarmName: [{ exists: true }] } }],
  ['a field that does not exist', { detail: { muteDetail: [{ exists: false }] } }],
  ['anything but a literal', { detail: { state: { value: [{ 'anything-but': 'OK' }] } } }],
  ['anything but several', { detail: { state: { value: [{ 'anything-but': ['OK', 'INSUFFICIENT_DATA'] }] } } }],
  ['anything but a prefix', { detail: { alarmName: [{ 'anything-but': { prefix: 'db-' } }] } }],
  ['a range of numbers', { detail: { level: [{ numeric: ['>', 5, '<=', 7] }] } }],
  ['an object in a list', { detail: { tags: { key: ['b'] } } }],
  ['a pattern without fields', {}],
])('%s matches', (_name, pattern) => {
  expect(matchesPattern(pattern, event)).toBe(true);
});

test.each([
  ['another literal', { source: ['aws.ec2'] }],
  ['a field that is not there', { detail: { reason: ['x'] } }],
  ['a field within a field that is not there', { detail: { contributor: { id: ['x'] } } }],
  ['one field that matches and one that does not', { source: ['aws.cloudwatch'], resources: ['other'] }],
  ['another prefix', { detail: { alarmName: [{ prefix: 'db-' }] } }],
  ['a field that must not exist', { detail: { alarmName: [{ exists: false }] } }],
  ['anything but what it is', { detail: { state: { value: [{ 'anything-but': 'ALARM' }] } } }],
  ['anything but, of a field that is not there', { detail: { reason: [{ 'anything-but': 'x' }] } }],
  ['a number outside of the range', { detail: { level: [{ numeric: ['<', 7] }] } }],
  ['a text where a number is asked for', { detail: { alarmName: [{ numeric: ['<', 7] }] } }],
])('%s does not match', (_name, pattern) => {
  expect(matchesPattern(pattern, event)).toBe(false);
});

test('a comparison that is not known is refused, not taken for no match', () => {
  expect(() => matchesPattern({ source: [{ wildcard: 'aws.*' }] }, event)).toThrow(
    new UnsupportedPattern(
      'event pattern: got {"wildcard":"aws.*"}, allowed are literals, prefix, suffix, equals-ignore-case, exists, anything-but and numeric',
    ),
  );
  expect(() => matchesPattern({ source: 'aws.cloudwatch' }, event)).toThrow(UnsupportedPattern);
});
