import { Template } from 'aws-cdk-lib/assertions';
import { resourcesOf, synthesized } from './synthesized.ts';

const template = synthesized();

test('both tables stay when the stack goes, cannot be deleted by mistake, and can be put back to any second', () => {
  const tables = resourcesOf(template, 'AWS::DynamoDB::GlobalTable');
  expect(tables).toHaveLength(2);
  Template.fromJSON(template).allResources('AWS::DynamoDB::GlobalTable', {
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
  });
  for (const [, { Properties }] of tables) {
    expect(Properties).toMatchObject({
      Replicas: [
        {
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      ],
      SSESpecification: { SSEEnabled: true },
      BillingMode: 'PAY_PER_REQUEST',
    });
  }
});

test('only marks are forgotten: no cooldown, claim or record goes because of its age', () => {
  const expiring = resourcesOf(template, 'AWS::DynamoDB::GlobalTable').map(
    ([, { Properties }]) => Properties?.['TimeToLiveSpecification'],
  );
  expect(expiring).toEqual([{ AttributeName: 'forgetAtEpochSeconds', Enabled: true }, undefined]);
});

test('the audit table streams what a record says and what it said before', () => {
  Template.fromJSON(template).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    KeySchema: [
      { AttributeName: 'subject', KeyType: 'HASH' },
      { AttributeName: 'order', KeyType: 'RANGE' },
    ],
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
});

test('what is open in the state table is listed by the time it is due', () => {
  Template.fromJSON(template).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'due',
        KeySchema: [
          { AttributeName: 'listing', KeyType: 'HASH' },
          { AttributeName: 'dueAt', KeyType: 'RANGE' },
        ],
      },
    ],
  });
});

test('S5: no deployment writes an item: no resource but the tables knows their names, save as a variable', () => {
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
  expect([...types].filter((type) => type.startsWith('Custom::') || type.startsWith('AWS::CloudFormation::'))).toEqual(
    [],
  );
});
