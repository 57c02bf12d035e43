import { purposesOf } from '../../lib/document-content.ts';
import { CHORE_PURPOSES } from '../../lib/chore-documents.ts';
import { chores } from '../../remedies/chores.ts';
import { slices } from '../../remedies/index.ts';
import {
  propertiesOf,
  type RoleStatement,
  resourcesOf,
  statementsByFunction,
  synthesized,
  textOf,
} from './synthesized.ts';

const template = synthesized();
const byFunction = statementsByFunction(template);
const everyStatement = [...byFunction.values()].flat();
const [stateTable, auditTable] = resourcesOf(template, 'AWS::DynamoDB::GlobalTable').map(([id]) => `\${${id}.Arn}`);

/** Functions that have an action, with their statements of it. */
function holdersOf(action: string, resource?: string): Record<string, RoleStatement[]> {
  const matching = [...byFunction].map(
    ([name, statements]) =>
      [
        name,
        statements.filter(
          ({ actions, resources }) =>
            actions.some((one) => new RegExp(`^${one.replaceAll('*', '.*')}$`).test(action)) &&
            (resource === undefined || resources.includes(resource)),
        ),
      ] as const,
  );
  return Object.fromEntries(matching.filter(([, statements]) => statements.length > 0));
}

/** Keys of the state table's items that each function may reach by an action. */
function keysOf(action: string): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(holdersOf(action, stateTable)).map(([name, statements]) => [
      name,
      statements.map(({ conditions }) => conditions['ForAllValues:StringLike']?.['dynamodb:LeadingKeys']).flat(),
    ]),
  );
}

test('every function has a role of its own, without managed policies', () => {
  expect([...byFunction.keys()].toSorted()).toEqual([
    'fleet-answer-request',
    'fleet-change-instance',
    'fleet-maintain-fleet',
    'fleet-notify',
    'fleet-open-incident',
    'fleet-remediate-incident',
    'fleet-run-command',
    'fleet-send-sns',
    'fleet-sweep-incidents',
  ]);
  const roles = propertiesOf(template, 'AWS::Lambda::Function').map(({ Role }) => textOf(Role));
  expect(new Set(roles).size).toBe(9);
  for (const role of propertiesOf(template, 'AWS::IAM::Role')) {
    expect(role).not.toHaveProperty('ManagedPolicyArns');
    expect(role).not.toHaveProperty('Policies');
  }
  expect(resourcesOf(template, 'AWS::IAM::ManagedPolicy')).toEqual([]);
});

test('no action is a wildcard, and only read-only ones are for every resource', () => {
  for (const { actions, resources } of everyStatement) {
    for (const action of actions) expect(action).not.toContain('*');
    if (resources.includes('*')) for (const action of actions) expect(action).toMatch(/:(Describe|Get|List)/);
  }
});

describe('sending commands', () => {
  const own = [...propertiesOf(template, 'AWS::SSM::Document')].map(
    ({ Name }) => `arn:aws:ssm:us-east-1:123456789012:document/${String(Name)}`,
  );

  test('is for run-command alone', () => {
    expect(Object.keys(holdersOf('ssm:SendCommand'))).toEqual(['fleet-run-command']);
  });

  test('is for exactly the documents of this stack', () => {
    const [documents] = holdersOf('ssm:SendCommand')['fleet-run-command'] ?? [];
    expect(documents?.resources.toSorted()).toEqual(own.toSorted());
    expect(own).toHaveLength(slices.flatMap(purposesOf).length + chores.length * CHORE_PURPOSES.length);
    expect(documents?.resources.join()).not.toContain('*');
  });

  test('is for instances whose opt-in tag names this stack', () => {
    const [, instances, ...more] = holdersOf('ssm:SendCommand')['fleet-run-command'] ?? [];
    expect(instances).toEqual({
      actions: ['ssm:SendCommand'],
      resources: ['arn:aws:ec2:us-east-1:123456789012:instance/*'],
      conditions: { StringEquals: { 'ssm:resourceTag/self-healing:stack': 'fleet' } },
    });
    expect(more).toEqual([]);
  });
});

describe('rebooting, stopping, starting and replacing', () => {
  const CHANGING = [
    'ec2:RebootInstances',
    'ec2:StopInstances',
    'ec2:StartInstances',
    'autoscaling:TerminateInstanceInAutoScalingGroup',
  ];

  test.each(CHANGING)('%s is for change-instance alone, and where the opt-in tag names this stack', (action) => {
    const holders = holdersOf(action);
    expect(Object.keys(holders)).toEqual(['fleet-change-instance']);
    for (const { conditions } of holders['fleet-change-instance'] ?? []) {
      expect(conditions).toEqual({ StringEquals: { 'aws:ResourceTag/self-healing:stack': 'fleet' } });
    }
  });
});

test('nothing of the fleet is changed but by commands and by calls about whole instances', () => {
  const changing = everyStatement
    .flatMap(({ actions }) => actions)
    .filter((action) => /^(ec2|autoscaling|ssm|cloudwatch|iam|route53|elasticloadbalancing):/.test(action))
    .filter((action) => !/:(Describe|Get|List)/.test(action));
  expect(changing).toEqual([
    'ssm:SendCommand',
    'ssm:SendCommand',
    'ec2:RebootInstances',
    'ec2:StartInstances',
    'ec2:StopInstances',
    'autoscaling:TerminateInstanceInAutoScalingGroup',
  ]);
});

describe('the state table', () => {
  test('S5: only answer-request may put the kill switch, and nobody may change or delete it', () => {
    const putters = Object.entries(keysOf('dynamodb:PutItem')).filter(([, keys]) => keys.includes('kill-switch'));
    expect(putters.map(([name]) => name)).toEqual(['fleet-answer-request']);
    expect(Object.values(keysOf('dynamodb:UpdateItem')).flat()).not.toContain('kill-switch');
  });

  test('each role reads and writes only its own kinds of items', () => {
    expect(keysOf('dynamodb:GetItem')).toEqual({
      'fleet-run-command': ['kill-switch', 'claim#*'],
      'fleet-change-instance': ['kill-switch', 'claim#*'],
      'fleet-remediate-incident': ['kill-switch', 'claim#*', 'last-act#*', 'incident#*'],
      'fleet-maintain-fleet': ['kill-switch', 'claim#*'],
      'fleet-open-incident': ['incident#*', 'once#early#*'],
      'fleet-answer-request': ['kill-switch', 'claim#*', 'last-act#*', 'incident#*', 'last-sweep', 'chore#*'],
      'fleet-send-sns': ['once#told#*'],
      'fleet-sweep-incidents': ['incident#*', 'chore#*', 'once#early#*'],
    });
    expect(keysOf('dynamodb:PutItem')).toEqual({
      'fleet-run-command': ['last-act#*'],
      'fleet-change-instance': ['last-act#*'],
      'fleet-open-incident': ['incident#*', 'once#contributors#*', 'once#early#*'],
      'fleet-answer-request': ['kill-switch', 'incident#*'],
      'fleet-send-sns': ['once#told#*'],
      'fleet-sweep-incidents': ['incident#*', 'last-sweep', 'once#early#*'],
    });
    expect(keysOf('dynamodb:UpdateItem')).toEqual({
      'fleet-run-command': ['claim#*'],
      'fleet-change-instance': ['claim#*'],
      'fleet-remediate-incident': ['incident#*'],
      'fleet-maintain-fleet': ['chore#*'],
      'fleet-open-incident': ['incident#*'],
      'fleet-answer-request': ['incident#*'],
      'fleet-sweep-incidents': ['incident#*', 'chore#*'],
    });
  });

  test('nobody may delete, scan or write many of its items', () => {
    const actions = new Set(
      everyStatement.flatMap(({ actions: some, resources }) =>
        resources.some((one) => one.startsWith(stateTable ?? 'none')) ? some : [],
      ),
    );
    expect([...actions].toSorted()).toEqual([
      'dynamodb:DescribeContinuousBackups',
      'dynamodb:DescribeTable',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ]);
  });
});

describe('the audit table', () => {
  test('is only ever put into: no role has UpdateItem, DeleteItem or BatchWriteItem on it', () => {
    const actions = everyStatement.flatMap(({ actions: some, resources }) =>
      resources.includes(auditTable ?? 'none') ? some : [],
    );
    expect(new Set(actions)).toEqual(
      new Set(['dynamodb:PutItem', 'dynamodb:DescribeContinuousBackups', 'dynamodb:DescribeTable']),
    );
  });

  test('is put into by whoever decides or is asked; neither by who acts nor by who tells', () => {
    expect(Object.keys(holdersOf('dynamodb:PutItem', auditTable)).toSorted()).toEqual([
      'fleet-answer-request',
      'fleet-maintain-fleet',
      'fleet-open-incident',
      'fleet-remediate-incident',
      'fleet-sweep-incidents',
    ]);
  });
});

test('functions start one another by the live alias: who reads alarms cannot start who acts', () => {
  const invokes = Object.entries(holdersOf('lambda:InvokeFunction')).map(([name, statements]) => [
    name,
    statements.flatMap(({ resources }) => resources.map((one) => one.replace(/[0-9A-F]{8}\}$/, '}'))),
  ]);
  expect(Object.fromEntries(invokes)).toEqual({
    'fleet-remediate-incident': ['${ChangeInstanceLive}', '${RunCommandLive}'],
    'fleet-maintain-fleet': ['${RunCommandLive}'],
    'fleet-open-incident': ['${RemediateIncidentLive}'],
    'fleet-answer-request': ['${MaintainFleetLive}', '${RemediateIncidentLive}'],
    'fleet-sweep-incidents': ['${MaintainFleetLive}', '${RemediateIncidentLive}'],
  });
});
