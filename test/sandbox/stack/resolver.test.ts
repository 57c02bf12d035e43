import { Resolver } from '../../../sandbox/stack/resolver.ts';

const template = {
  Resources: {
    Table: { Type: 'AWS::DynamoDB::GlobalTable' },
    Function: { Type: 'AWS::Lambda::Function', Properties: { Table: { Ref: 'Table' } } },
  },
};

function resolver() {
  const made: string[] = [];
  const made_ = new Resolver(template, async (logicalId) => {
    made.push(logicalId);
    return { ref: `the-${logicalId}`, attributes: { Arn: `arn:${logicalId}` } };
  });
  return { made, resolver: made_ };
}

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
  [{ 'Fn::GetAtt': 'Table.Arn' }, 'arn:Table'],
  [{ 'Fn::Join': ['/', [{ 'Fn::GetAtt': ['Table', 'Arn'] }, 'index', 'due']] }, 'arn:Table/index/due'],
  [{ 'Fn::Split': [':', { 'Fn::GetAtt': ['Table', 'Arn'] }] }, ['arn', 'Table']],
  [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  [{ 'Fn::Sub': '${Table}/${Table.Arn}/${AWS::Region}/${!Literal}' }, 'the-Table/arn:Table/us-east-1/${!Literal}'],
  [
    { Ref: 'Table', beside: 1 },
    { Ref: 'Table', beside: 1 },
  ],
])('%j is resolved', async (value, expected) => {
  await expect(resolver().resolver.resolve(value)).resolves.toEqual(expected);
});

test('a resource that is referred to is made first, and once', async () => {
  const { made, resolver: one } = resolver();
  await one.resolve([{ Ref: 'Table' }, { 'Fn::GetAtt': ['Table', 'Arn'] }, { Ref: 'Function' }, { Ref: 'Table' }]);
  expect(made).toEqual(['Table', 'Function']);
});

test.each([
  [{ Ref: 'Nobody' }, 'the template refers to Nobody, which is not there'],
  [{ 'Fn::GetAtt': ['Table', 'StreamArn'] }, 'the sandbox has no attribute StreamArn of Table'],
  [{ 'Fn::ImportValue': 'x' }, 'the sandbox does not know the intrinsic function Fn::ImportValue'],
  [{ 'Fn::Join': 'x' }, 'Fn::Join takes a list'],
  [{ 'Fn::Join': ['/', 'x'] }, 'Fn::Join takes a list of parts'],
])('%j fails, and says why', async (value, message) => {
  await expect(resolver().resolver.resolve(value)).rejects.toThrow(message);
});
