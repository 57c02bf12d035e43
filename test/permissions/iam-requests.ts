import { ACCOUNT, arn } from '../../sandbox/account.ts';
import type { CallRecord } from '../../sandbox/gateway/call-record.ts';

/** One question to IAM. */
export interface IamRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** What IAM must know of the emulated account: the tags of instances, by their ids, and of groups, by their names. */
export type TagsOf = (id: string) => Readonly<Record<string, string>>;

/** The questions that AWS asks IAM about one call: one per resource that it touches. */
export function iamRequests(call: CallRecord, tagsOf: TagsOf): IamRequest[] {
  const { service, action, input } = call;
  switch (service) {
    case 'dynamodb':
      return [dynamoRequest(action, input)];
    case 'lambda':
      return [lambdaRequest(action), ...chainedInvokes(input)];
    case 'ssm':
      return action === 'SendCommand' ? sendCommandRequests(input, tagsOf) : [{ ...plain('ssm', action) }];
    case 'sns':
      return [{ action: `sns:${action}`, resource: text(input['TopicArn']), context: {} }];
    case 'sqs':
      return [
        { action: `sqs:${action}`, resource: arn('sqs', text(input['QueueUrl']).split('/').at(-1) ?? ''), context: {} },
      ];
    case 'monitoring':
      return [plain('cloudwatch', action)];
    case 'ec2':
      return /^(Reboot|Stop|Start)Instances$/.test(action)
        ? instancesOf(input).map((id) => changeRequest(`ec2:${action}`, arn('ec2', `instance/${id}`), tagsOf(id)))
        : [plain(service, action)];
    case 'autoscaling':
      return action === 'TerminateInstanceInAutoScalingGroup'
        ? [replaceRequest(text(input['InstanceId']), tagsOf)]
        : [plain(service, action)];
    default:
      throw new Error(`no function may call ${service} ${action}: say here what it would mean to IAM`);
  }
}

function instancesOf(input: CallRecord['input']): string[] {
  return Object.entries(input).flatMap(([key, id]) => (key.startsWith('InstanceId.') ? [text(id)] : []));
}

function changeRequest(action: string, resource: string, tags: Readonly<Record<string, string>>): IamRequest {
  const context = Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
  return { action, resource, context };
}

/** IAM asks about the group, which is told by the name that Auto Scaling gives its instances as a tag. */
function replaceRequest(instanceId: string, tagsOf: TagsOf): IamRequest {
  const name = tagsOf(instanceId)['aws:autoscaling:groupName'] ?? 'none';
  const resource = arn('autoscaling', `autoScalingGroup:0123:autoScalingGroupName/${name}`);
  return changeRequest('autoscaling:TerminateInstanceInAutoScalingGroup', resource, tagsOf(name));
}

function plain(prefix: string, action: string): IamRequest {
  return { action: `${prefix}:${action}`, resource: '*', context: {} };
}

/** Which items of the table a call is about is a condition key: the values of their partition keys. */
function dynamoRequest(action: string, input: CallRecord['input']): IamRequest {
  const table = `table/${text(input['TableName'])}`;
  const index = input['IndexName'];
  const resource = arn('dynamodb', index === undefined ? table : `${table}/index/${text(index)}`);
  const leading = partitionKey(input['Key'] ?? input['Item']);
  const context: IamRequest['context'] = leading === undefined ? {} : { 'dynamodb:LeadingKeys': [leading] };
  return { action: `dynamodb:${action}`, resource, context };
}

function partitionKey(key: unknown): string | undefined {
  const found: { pk?: { S: string }; subject?: { S: string } } = JSON.parse(JSON.stringify(key ?? {}));
  return found.pk?.S ?? found.subject?.S;
}

/** What reads a function, by the part of the path after its name. */
const READS_OF_FUNCTIONS: Readonly<Record<string, string>> = {
  aliases: 'GetAlias',
  configuration: 'GetFunctionConfiguration',
  'durable-executions': 'ListDurableExecutionsByFunction',
  versions: 'ListVersionsByFunction',
};

/** REST calls are known by their path. */
function lambdaRequest(action: string): IamRequest {
  const [method = '', path = ''] = action.split(' ');
  const parts = path.split('?')[0]?.split('/').map(decodeURIComponent) ?? [];
  if (method === 'POST' && parts[2] === 'functions' && parts[4] === 'invocations') {
    return { action: 'lambda:InvokeFunction', resource: functionArn(parts[3] ?? ''), context: {} };
  }
  const read = method === 'GET' && parts[2] === 'functions' ? READS_OF_FUNCTIONS[parts[4] ?? ''] : undefined;
  if (read !== undefined) return { action: `lambda:${read}`, resource: functionArn(parts[3] ?? ''), context: {} };
  const execution = /durable-executions\/(.+)\/(checkpoint|state)$/.exec(decodeURIComponent(path.split('?')[0] ?? ''));
  const [, resource = '', operation] = execution ?? [];
  const name = { checkpoint: 'CheckpointDurableExecution', state: 'GetDurableExecutionState' }[operation ?? ''];
  if (name === undefined) throw new Error(`no function may call lambda ${action}: say here what it would mean to IAM`);
  return { action: `lambda:${name}`, resource, context: {} };
}

/** A durable function invokes another by a checkpoint, under its own role. */
function chainedInvokes(input: CallRecord['input']): IamRequest[] {
  const { Updates = [] }: { Updates?: { ChainedInvokeOptions?: { FunctionName?: string } }[] } = JSON.parse(
    JSON.stringify(input),
  );
  return Updates.flatMap(({ ChainedInvokeOptions }) => {
    const name = ChainedInvokeOptions?.FunctionName;
    return name === undefined ? [] : [{ action: 'lambda:InvokeFunction', resource: functionArn(name), context: {} }];
  });
}

function functionArn(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? nameOrArn : `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${nameOrArn}`;
}

/** SendCommand is asked about twice: may this document be sent, and may that instance get it. */
function sendCommandRequests(input: CallRecord['input'], tagsOf: TagsOf): IamRequest[] {
  const ids: unknown[] = Array.isArray(input['InstanceIds']) ? input['InstanceIds'] : [];
  const document = {
    action: 'ssm:SendCommand',
    resource: arn('ssm', `document/${text(input['DocumentName'])}`),
    context: {},
  };
  return [document, ...ids.map((id) => instanceRequest(text(id), tagsOf))];
}

function instanceRequest(instanceId: string, tagsOf: TagsOf): IamRequest {
  const tags = Object.entries(tagsOf(instanceId)).map(([key, value]) => [`ssm:resourceTag/${key}`, value]);
  return {
    action: 'ssm:SendCommand',
    resource: arn('ec2', `instance/${instanceId}`),
    context: Object.fromEntries(tags),
  };
}

function text(value: unknown): string {
  if (typeof value !== 'string')
    throw new Error(`a call names ${JSON.stringify(value) ?? 'nothing'} where a text was expected`);
  return value;
}
