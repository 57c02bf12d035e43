import { marshall } from '@aws-sdk/util-dynamodb';
import type { FunctionKey } from '../../../lambdas/core/names.ts';
import { contributorEvent } from '../contributor-event.ts';

const INSTANCE = 'i-0123456789abcdef0';
const INCIDENT = '0123456789abcdef-01234567';
/** A call of the SDK. */
export interface FirstCall {
  readonly package: string;
  readonly command: string;
  readonly input: unknown;
}

/** What a function is started with, and the call that it makes first: its baseline makes that one, bare. */
export interface FirstInvocation {
  readonly event: unknown;
  readonly firstCall: FirstCall;
}

const GET_ITEM: FirstCall = {
  package: '@aws-sdk/lib-dynamodb',
  command: 'GetCommand',
  input: { TableName: 'bench', Key: { pk: 'bench' }, ConsistentRead: true },
};

/** The first invocation of each function. */
export const FIRST_INVOCATIONS: Record<FunctionKey, FirstInvocation> = {
  openIncident: {
    event: contributorEvent('self-healing', INSTANCE, new Date('2026-11-23T09:58:15Z')),
    firstCall: {
      package: '@aws-sdk/client-ec2',
      command: 'DescribeInstancesCommand',
      input: { InstanceIds: [INSTANCE] },
    },
  },
  answerRequest: {
    event: { request: 'pause', requestedBy: 'bench', reason: 'bench' },
    firstCall: {
      package: '@aws-sdk/lib-dynamodb',
      command: 'PutCommand',
      input: { TableName: 'bench', Item: { pk: 'bench' } },
    },
  },
  remediateIncident: {
    event: durableEvent({ incidentId: INCIDENT, run: 1 }),
    firstCall: GET_ITEM,
  },
  runCommand: {
    event: durableEvent({
      contract: 1,
      incidentId: INCIDENT,
      attemptId: `${INCIDENT}-1-attempt-1`,
      claimOwner: `${INCIDENT}-1-attempt-1`,
      purpose: 'repair',
      remedyId: 'disk-full',
      fingerprint: { target: { kind: 'instance', id: INSTANCE }, part: '/', symptom: 'disk-full' },
    }),
    firstCall: {
      package: '@aws-sdk/lib-dynamodb',
      command: 'UpdateCommand',
      input: {
        TableName: 'bench',
        Key: { pk: 'bench' },
        UpdateExpression: 'SET #owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': 'bench' },
      },
    },
  },
  maintainFleet: {
    event: durableEvent({
      choreId: 'clean-caches',
      runId: 'clean-caches-by-hand-01234567',
      startedBy: 'person',
      askedAt: '2026-11-23T09:58:15.000Z',
    }),
    firstCall: {
      package: '@aws-sdk/lib-dynamodb',
      command: 'PutCommand',
      input: { TableName: 'bench', Item: { pk: 'bench' } },
    },
  },
  changeInstance: {
    event: durableEvent({
      contract: 1,
      incidentId: INCIDENT,
      attemptId: `${INCIDENT}-1-attempt-1`,
      remedyId: 'instance-impaired',
      fingerprint: { target: { kind: 'instance', id: INSTANCE }, part: '', symptom: 'instance-impaired' },
    }),
    firstCall: {
      package: '@aws-sdk/client-ec2',
      command: 'DescribeInstancesCommand',
      input: { InstanceIds: [INSTANCE] },
    },
  },
  notify: {
    event: {
      Records: [{ eventName: 'REMOVE', eventID: '1', dynamodb: { Keys: marshall({ subject: 'a', order: '1' }) } }],
    },
    firstCall: {
      package: '@aws-sdk/client-sqs',
      command: 'SendMessageCommand',
      input: { QueueUrl: 'https://127.0.0.1:9/123456789012/bench', MessageBody: '{}' },
    },
  },
  sendSns: {
    event: {
      Records: [
        {
          messageId: '1',
          body: JSON.stringify({ key: 'a#1', message: { severity: 'warning', subject: 'a', text: 'a' } }),
        },
      ],
    },
    firstCall: GET_ITEM,
  },
  sweepIncidents: {
    event: {},
    firstCall: {
      package: '@aws-sdk/lib-dynamodb',
      command: 'QueryCommand',
      input: {
        TableName: 'bench',
        IndexName: 'due',
        KeyConditionExpression: 'listing = :listing',
        ExpressionAttributeValues: { ':listing': 'incident' },
      },
    },
  },
};

/** What Lambda invokes a durable function with at its start. */
function durableEvent(payload: unknown): unknown {
  return {
    DurableExecutionArn:
      'arn:aws:lambda:us-east-1:123456789012:function:bench:1/durable-execution/bench/01234567-89ab-cdef-0123-456789abcdef',
    CheckpointToken: 'bench',
    InitialExecutionState: {
      Operations: [
        {
          Id: '0',
          Type: 'EXECUTION',
          Status: 'STARTED',
          StartTimestamp: '2026-11-23T09:58:15.000Z',
          ExecutionDetails: { InputPayload: JSON.stringify(payload) },
        },
      ],
    },
  };
}
