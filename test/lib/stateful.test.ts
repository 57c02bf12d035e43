import { replacements, type StatefulResources, statefulResources } from '../../tools/stateful-resources.ts';
import recorded from '../fixtures/stateful-resources.json' with { type: 'json' };
import { synthesized } from './synthesized.ts';

const baseline: StatefulResources = recorded;
const template = synthesized({});
const now = statefulResources(template.Resources);
const [stateTable = '', auditTable = ''] = Object.keys(baseline).filter((id) => /^(State|Audit)Table/.test(id));

test('no stateful resource would be replaced by deploying this over the release before', () => {
  expect(replacements(baseline, now)).toEqual([]);
});

test('the baseline holds what would be missed', () => {
  const count = (type: string) => Object.values(baseline).filter((one) => one.type === type).length;
  expect([stateTable, auditTable]).toEqual([
    expect.stringMatching(/^StateTable/),
    expect.stringMatching(/^AuditTable/),
  ]);
  expect(count('AWS::Lambda::Function')).toBe(9);
  expect(count('AWS::SQS::Queue')).toBe(10);
});

/** The template's resources with one of them changed. */
const changed = (logicalId: string, change: (properties: Record<string, unknown>) => Record<string, unknown>) => {
  const resource = template.Resources[logicalId];
  if (resource === undefined) throw new Error(`the template has no ${logicalId}`);
  return { ...template.Resources, [logicalId]: { ...resource, Properties: change({ ...resource.Properties }) } };
};
const idOf = (start: string): string => Object.keys(baseline).find((id) => id.startsWith(start)) ?? start;
const LOST_ITEMS =
  'that loses its items: an empty table takes its place (the old one is retained, and nothing reads it any more)';

test('a renamed construct is a replaced table', () => {
  const { [stateTable]: table, ...others } = template.Resources;
  if (table === undefined) throw new Error('the template has no state table');
  const renamed = statefulResources({ ...others, StateStoreTable12345678: table });
  expect(replacements(baseline, renamed)).toEqual([
    `${stateTable} (AWS::DynamoDB::GlobalTable) is gone, or its construct has another id; ${LOST_ITEMS}`,
    'StateStoreTable12345678 (AWS::DynamoDB::GlobalTable) is new; if it is meant to be: npm run stateful',
  ]);
});

test('another scope around the whole is everything replaced', () => {
  const within = Object.fromEntries(Object.entries(template.Resources).map(([id, one]) => [`SelfHealing${id}`, one]));
  expect(replacements(baseline, statefulResources(within))).toHaveLength(2 * Object.keys(baseline).length);
});

test.each<[string, string, (properties: Record<string, unknown>) => Record<string, unknown>, string]>([
  [
    'another key of a table',
    auditTable,
    (table) => ({ ...table, KeySchema: [{ AttributeName: 'subject', KeyType: 'HASH' }] }),
    `key was ["subject HASH S","order RANGE S"] and is ["subject HASH S"]; ${LOST_ITEMS}`,
  ],
  [
    'a name for a table that had none',
    stateTable,
    (table) => ({ ...table, TableName: 'state' }),
    `TableName was absent and is "state"; ${LOST_ITEMS}`,
  ],
  [
    'another type of a key',
    stateTable,
    (table) => ({ ...table, AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'N' }] }),
    `key was ["pk HASH S"] and is ["pk HASH N"]; ${LOST_ITEMS}`,
  ],
  [
    'a durable function that is durable no more',
    idOf('RemediateIncidentFunction'),
    ({ DurableConfig: _durable, ...fn }) => fn,
    'durable was true and is false; that loses its versions with the executions that wait in them; and its name is taken, so that the deployment fails',
  ],
  [
    'a topic with a name',
    idOf('SnsChannelCritical'),
    (topic) => ({ ...topic, TopicName: 'critical' }),
    'TopicName was absent and is "critical"; that loses the subscriptions that people confirmed',
  ],
  [
    'a mapping that starts elsewhere',
    idOf('NotifyLiveDynamoDB'),
    (mapping) => ({ ...mapping, StartingPosition: 'LATEST' }),
    'StartingPosition was "TRIM_HORIZON" and is "LATEST"; that loses its place in the source: what was told in the last day is told again',
  ],
])('%s is a replacement', (_, logicalId, change, sentence) => {
  const problems = replacements(baseline, statefulResources(changed(logicalId, change)));
  expect(problems).toEqual([`${logicalId} (${baseline[logicalId]?.type}) would be replaced: ${sentence}`]);
});

test('what can be changed in place is none', () => {
  const retention = idOf('SnsChannelQueue');
  const resources = changed(retention, (queue) => ({ ...queue, MessageRetentionPeriod: 60 }));
  expect(replacements(baseline, statefulResources(resources))).toEqual([]);
});
