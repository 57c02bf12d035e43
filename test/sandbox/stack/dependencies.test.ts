import { dependencyOrder } from '../../../sandbox/stack/dependencies.ts';

const Type = 'AWS::SQS::Queue';

test('a resource comes after what it refers to in any way, else in its place', () => {
  const Resources = {
    First: { Type },
    Reader: { Type, Properties: { deep: [{ value: { Ref: 'Table' } }] } },
    Joined: { Type, Properties: { Arn: { 'Fn::Join': ['', ['arn:', { 'Fn::GetAtt': ['Queue', 'Arn'] }]] } } },
    Substituted: { Type, Properties: { Text: { 'Fn::Sub': '${Alias} of ${AWS::Region} and ${Role.Arn}' } } },
    Waiting: { Type, DependsOn: ['Policy'] },
    Table: { Type },
    Queue: { Type, DependsOn: 'Last' },
    Alias: { Type },
    Role: { Type },
    Policy: { Type },
    Last: { Type },
  };
  expect(dependencyOrder({ Resources })).toEqual([
    'First',
    'Table',
    'Reader',
    'Last',
    'Queue',
    'Joined',
    'Alias',
    'Role',
    'Substituted',
    'Policy',
    'Waiting',
  ]);
});

test('a circle is an error that names it', () => {
  const Resources = { A: { Type, DependsOn: 'B' }, B: { Type, Properties: { A: { Ref: 'A' } } } };
  expect(() => dependencyOrder({ Resources })).toThrow('circular dependency: A -> B -> A');
});
