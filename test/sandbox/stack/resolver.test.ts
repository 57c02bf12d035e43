import { Resolver } from '../../../sandbox/stack/resolver.ts';

const resolver = new Resolver((logicalId) =>
  logicalId === 'Table'
    ? { ref: 'the-Table', attributes: { Arn: 'arn:Table', 'Stream.Arn': 'arn:Stream' } }
    : undefined,
);

test.each([
  ['text', 'text'],
  [7, 7],
  [true, true],
  [null, null],
  [
    [1, { Ref: 'Table' }],
    [1, 'the-Table'],
  ],
  [{ a: { b: { Ref: 'Table' } } }, { a: { b: 'the-Table' } }],
  [{ Ref: 'AWS::AccountId' }, '123456789012'],
  [{ Ref: 'AWS::Region' }, 'us-east-1'],
  [{ Ref: 'AWS::Partition' }, 'aws'],
  [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'arn:Table'],
  [{ 'Fn::GetAtt': 'Table.Stream.Arn' }, 'arn:Stream'],
  [{ 'Fn::Join': ['/', [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'index', 'due']] }, 'arn:Table/index/due'],
  [{ 'Fn::Split': [':', { 'Fn::GetAtt': ['Table', 'Arn'] }] }, ['arn', 'Table']],
  [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  [{ 'Fn::Sub': '${Table}/${Table.Arn}/${AWS::Region}/${!Literal}' }, 'the-Table/arn:Table/us-east-1/${!Literal}'],
  [
    { Ref: 'Table', beside: 1 },
    { Ref: 'Table', beside: 1 },
  ],
])('%j is resolved', (value, expected) => {
  expect(resolver.resolve(value)).toEqual(expected);
});

test.each([
  [{ Ref: 'Nobody' }, 'the template refers to Nobody, which is not there'],
  [{ 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'the sandbox has no attribute StreamArn of Table'],
  [{ 'Fn::ImportValue': 'x' }, 'the sandbox does not know the intrinsic function Fn::ImportValue'],
  [{ 'Fn::Join': 'x' }, 'Fn::Join takes a list'],
  [{ 'Fn::Join': ['/', 'x'] }, 'Fn::Join takes a list of parts'],
])('%j fails, and says why', (value, message) => {
  expect(() => resolver.resolve(value)).toThrow(message);
});
