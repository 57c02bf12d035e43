import { isDeepStrictEqual } from 'node:util';

/** What of a resource CloudFormation cannot change without making another one. */
export interface StatefulResource {
  readonly type: string;
  readonly identity: Readonly<Record<string, unknown>>;
}

/** Stateful resources by logical id. */
export type StatefulResources = Readonly<Record<string, StatefulResource>>;

type Properties = Readonly<Record<string, unknown>>;

interface StatefulType {
  /** Properties whose change means another resource, as AWS documents them, in the form in which a change of them counts. */
  readonly identityOf: (properties: Properties) => Properties;
  /** What is gone, or starts anew, with the resource. */
  readonly loses: string;
}

const STATEFUL: Readonly<Record<string, StatefulType>> = {
  'AWS::DynamoDB::GlobalTable': {
    identityOf: (table) => ({ TableName: table['TableName'], key: keyOf(table) }),
    loses: 'its items: an empty table takes its place (the old one is retained, and nothing reads it any more)',
  },
  'AWS::Lambda::Function': {
    identityOf: (fn) => ({ FunctionName: fn['FunctionName'], durable: 'DurableConfig' in fn }),
    loses: 'its versions with the executions that wait in them; and its name is taken, so that the deployment fails',
  },
  'AWS::Logs::LogGroup': {
    identityOf: (group) => ({ LogGroupName: group['LogGroupName'] }),
    loses: 'its log of 90 days',
  },
  'AWS::SNS::Topic': {
    identityOf: (topic) => ({ TopicName: topic['TopicName'], FifoTopic: topic['FifoTopic'] }),
    loses: 'the subscriptions that people confirmed',
  },
  'AWS::SQS::Queue': {
    identityOf: (queue) => ({ QueueName: queue['QueueName'], FifoQueue: queue['FifoQueue'] }),
    loses: 'the messages that wait in it',
  },
  'AWS::Lambda::EventSourceMapping': {
    identityOf: (mapping) => ({
      EventSourceArn: mapping['EventSourceArn'],
      StartingPosition: mapping['StartingPosition'],
    }),
    loses: 'its place in the source: what was told in the last day is told again',
  },
};

/** The stateful resources of a template, each with what may not change of it. */
export function statefulResources(
  resources: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>,
): StatefulResources {
  return Object.fromEntries(
    Object.entries(resources).flatMap(([logicalId, { Type, Properties = {} }]) => {
      const stateful = STATEFUL[Type];
      if (stateful === undefined) return [];
      // through JSON, as the baseline is: what is absent is left out
      return [[logicalId, JSON.parse(JSON.stringify({ type: Type, identity: stateful.identityOf(Properties) }))]];
    }),
  );
}

/** What a deployment of `wanted` over `baseline` would replace, one sentence each; and what the baseline does not know. */
export function replacements(baseline: StatefulResources, wanted: StatefulResources): string[] {
  const gone = Object.entries(baseline).flatMap(([logicalId, { type, identity }]) => {
    const now = wanted[logicalId];
    const what = `${logicalId} (${type})`;
    if (now?.type !== type) return [`${what} is gone, or its construct has another id; that loses ${lossOf(type)}`];
    const changed = [...new Set([...Object.keys(identity), ...Object.keys(now.identity)])].filter(
      (name) => !isDeepStrictEqual(identity[name], now.identity[name]),
    );
    return changed.map((name) => {
      const [was, is] = [identity[name], now.identity[name]].map((value) => JSON.stringify(value) ?? 'absent');
      return `${what} would be replaced: ${name} was ${was} and is ${is}; that loses ${lossOf(type)}`;
    });
  });
  const unknown = Object.entries(wanted)
    .filter(([logicalId]) => baseline[logicalId] === undefined)
    .map(([logicalId, { type }]) => `${logicalId} (${type}) is new; if it is meant to be: npm run stateful`);
  return [...gone, ...unknown];
}

function lossOf(type: string): string {
  return STATEFUL[type]?.loses ?? 'what it holds';
}

/** The table's key: each attribute with its part and its type, such as `subject HASH S`. */
function keyOf({ KeySchema, AttributeDefinitions }: Properties): string[] {
  const types = new Map(
    records(AttributeDefinitions).map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
  );
  return records(KeySchema).map(
    ({ AttributeName, KeyType }) => `${String(AttributeName)} ${String(KeyType)} ${String(types.get(AttributeName))}`,
  );
}

function records(value: unknown): Properties[] {
  return Array.isArray(value) ? value.map((one: unknown) => Object.fromEntries(Object.entries(Object(one)))) : [];
}
