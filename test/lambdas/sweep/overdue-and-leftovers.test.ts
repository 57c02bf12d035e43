import {
  GetAliasCommand,
  LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { ListDocumentsCommand } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { findLeftovers } from '../../../lambdas/sweep/leftovers.ts';
import { overdueExecutions } from '../../../lambdas/sweep/overdue-executions.ts';
import { ssm } from '../aws/sick-instance.ts';
import { policy } from '../core/samples.ts';

const lambda = mockClient(LambdaClient);
const NOW = Date.parse('2026-11-23T10:00:00Z');

const execution = (functionName: string, version: string, name: string, startedAt: string) => ({
  DurableExecutionArn: `arn:aws:lambda:us-east-1:123456789012:function:${functionName}:${version}/durable-execution/${name}/f1`,
  DurableExecutionName: name,
  FunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${functionName}:${version}`,
  Status: 'RUNNING' as const,
  StartTimestamp: new Date(startedAt),
});
const running = (FunctionName: string, ...DurableExecutions: ReturnType<typeof execution>[]) =>
  lambda
    .on(ListDurableExecutionsByFunctionCommand, { FunctionName, Statuses: ['RUNNING'] })
    .resolves({ DurableExecutions });

beforeEach(() => {
  lambda.reset();
  ssm.reset();
  lambda.on(ListDurableExecutionsByFunctionCommand).resolves({ DurableExecutions: [] });
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '3' });
  lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: [{ Version: '$LATEST' }, { Version: '3' }] });
  ssm.on(ListDocumentsCommand).resolves({ DocumentIdentifiers: [] });
});

describe('an execution is overdue', () => {
  // 20 looks of at most 3,060 s each: 17 h
  test.each([
    ['2026-11-22T17:00:00Z', []],
    ['2026-11-22T16:59:59Z', ['fleet-remediate-incident: a-run-1']],
  ])('where remediate-incident began at %s: %j', async (startedAt, expected) => {
    running('fleet-remediate-incident', execution('fleet-remediate-incident', '2', 'a-run-1', startedAt));
    await expect(overdueExecutions(policy, NOW)).resolves.toEqual(expected);
  });

  // twice the longest claim of 1,800 s
  test.each([
    ['2026-11-23T09:00:00Z', []],
    ['2026-11-23T08:59:59Z', ['fleet-run-command: c-1']],
  ])('where run-command began at %s: %j', async (startedAt, expected) => {
    running('fleet-run-command', execution('fleet-run-command', '2', 'c-1', startedAt));
    await expect(overdueExecutions(policy, NOW)).resolves.toEqual(expected);
  });
});

describe('what deployments leave behind', () => {
  const replaced = () =>
    lambda
      .on(ListVersionsByFunctionCommand, { FunctionName: 'fleet-remediate-incident' })
      .resolves({ Versions: [{ Version: '$LATEST' }, { Version: '1' }] })
      .on(ListVersionsByFunctionCommand, { FunctionName: 'fleet-notify' })
      .resolves({ Versions: [{ Version: '$LATEST' }, { Version: '2' }, { Version: '3' }] });

  test('nothing is listed where nothing was left', async () => {
    await expect(findLeftovers(policy)).resolves.toEqual({ versions: [], documents: [] });
  });

  test('a version is free once it was replaced', async () => {
    replaced();
    const { versions } = await findLeftovers(policy);
    expect(versions).toEqual(['fleet-remediate-incident:1', 'fleet-notify:2']);
  });

  test('but never while an execution that waits is pinned to it', async () => {
    replaced();
    running('fleet-remediate-incident', execution('fleet-remediate-incident', '1', 'a-run-1', '2026-11-20T10:00:00Z'));
    const { versions } = await findLeftovers(policy);
    expect(versions).toEqual(['fleet-notify:2']);
  });

  test('a document that carries the tag of the stack and that its policy does not name is free', async () => {
    const names = ['fleet-check-document', 'fleet-repair-document', 'fleet-disk-full-repair-0123456789ab'];
    ssm.on(ListDocumentsCommand).resolves({ DocumentIdentifiers: names.map((Name) => ({ Name })) });
    const { documents } = await findLeftovers(policy);
    expect(documents).toEqual(['fleet-disk-full-repair-0123456789ab']);
    expect(ssm).toHaveReceivedCommandWith(ListDocumentsCommand, {
      Filters: [
        { Key: 'Owner', Values: ['Self'] },
        { Key: 'tag:self-healing:stack', Values: ['fleet'] },
      ],
    });
  });

  test('every page is read', async () => {
    lambda
      .on(ListVersionsByFunctionCommand, { FunctionName: 'fleet-notify' })
      .resolvesOnce({ Versions: [{ Version: '1' }], NextMarker: 'more' })
      .resolves({ Versions: [{ Version: '2' }] });
    ssm
      .on(ListDocumentsCommand)
      .resolvesOnce({ DocumentIdentifiers: [{ Name: 'old-1' }], NextToken: 'more' })
      .resolves({ DocumentIdentifiers: [{ Name: 'old-2' }] });
    await expect(findLeftovers(policy)).resolves.toEqual({
      versions: ['fleet-notify:1', 'fleet-notify:2'],
      documents: ['old-1', 'old-2'],
    });
  });
});
