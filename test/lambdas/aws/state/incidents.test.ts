import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { listIncidents, openOrJoin, raiseRun, readIncident, update } from '../../../../lambdas/aws/state/incidents.ts';
import type { Incident } from '../../../../lambdas/core/incident.ts';
import { fingerprint } from '../../core/samples.ts';
import { failure, refusedCondition } from '../../refused-condition.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const NOW = Date.parse('2026-11-23T10:00:00Z');
const signal = { openedBy: 'fleet-disk-full', stateChangedAt: '2026-11-23T09:58:15.490Z' };
const incident: Incident = {
  ...fingerprint,
  incidentId: 'df3f1abf8b613253-89abcdef',
  state: 'open',
  run: 1,
  openedAt: '2026-11-23T10:00:00.000Z',
  ...signal,
  attempts: [],
  working: true,
  dueAt: '2026-11-23T10:05:00.000Z',
};
const open = () => openOrJoin(fingerprint, signal, '89abcdef', NOW);
const found = (changed: Partial<Incident>) =>
  dynamo.on(GetCommand).resolves({ Item: { pk: 'incident#df3f1abf8b613253', ...incident, ...changed } });

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  dynamo.reset();
});

describe('opening an incident', () => {
  test('S21: is one conditional write on the fingerprint', async () => {
    dynamo.on(PutCommand).resolves({});
    await expect(open()).resolves.toEqual({ kind: 'opened', incident });
    expect(dynamo).toHaveReceivedCommandWith(PutCommand, {
      TableName: 'state',
      Item: { pk: 'incident#df3f1abf8b613253', ...incident, listing: 'incident' },
      ConditionExpression: 'attribute_not_exists(pk) OR (#state = :closed AND stateChangedAt < :changed)',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':closed': 'closed', ':changed': '2026-11-23T09:58:15.490Z' },
    });
  });

  test('S21: joins the open one, and changes nothing where the event is not newer', async () => {
    dynamo.on(PutCommand).rejects(refusedCondition());
    found({ incidentId: 'df3f1abf8b613253-00000000' });
    await expect(open()).resolves.toMatchObject({
      kind: 'joined',
      incident: { incidentId: 'df3f1abf8b613253-00000000' },
    });
    expect(dynamo).not.toHaveReceivedCommand(UpdateCommand);
  });

  test('a newer event of an open one is noted, so that its repeat is known', async () => {
    dynamo.on(PutCommand).rejects(refusedCondition());
    dynamo.on(UpdateCommand).resolves({});
    found({ stateChangedAt: '2026-11-23T09:00:00.000Z' });
    await expect(open()).resolves.toMatchObject({ kind: 'joined' });
    expect(dynamo).toHaveReceivedCommandWith(UpdateCommand, {
      UpdateExpression: 'SET #f0 = :v0',
      ExpressionAttributeValues: {
        ':v0': '2026-11-23T09:58:15.490Z',
        ':run': 1,
        ':incidentId': 'df3f1abf8b613253-89abcdef',
      },
    });
  });

  test('S21: an event that a closed one already knew is a repeat', async () => {
    dynamo.on(PutCommand).rejects(refusedCondition());
    found({ state: 'closed' });
    await expect(open()).resolves.toMatchObject({ kind: 'repeated' });
  });

  test('fails where the write fails, so that the event comes again', async () => {
    dynamo.on(PutCommand).rejects(failure('InternalServerError'));
    await expect(open()).rejects.toThrow('it failed');
  });
});

describe('changing an incident', () => {
  test('S22: is refused to a run that is not its newest', async () => {
    dynamo.on(UpdateCommand).rejects(refusedCondition());
    await expect(update(incident, { state: 'closed' })).resolves.toBe(false);
    expect(dynamo).toHaveReceivedCommandWith(UpdateCommand, {
      Key: { pk: 'incident#df3f1abf8b613253' },
      UpdateExpression: 'SET #f0 = :v0 REMOVE listing',
      ConditionExpression: 'incidentId = :incidentId AND #run = :run',
      ExpressionAttributeNames: { '#f0': 'state', '#run': 'run' },
      ExpressionAttributeValues: { ':v0': 'closed', ':run': 1, ':incidentId': 'df3f1abf8b613253-89abcdef' },
    });
  });

  test('S22: the next run is raised once, and never of what another run closed', async () => {
    dynamo.on(UpdateCommand).resolvesOnce({}).rejects(refusedCondition());
    await expect(raiseRun(incident, { state: 'open', attempts: [] })).resolves.toBe(2);
    await expect(raiseRun(incident, { state: 'open', attempts: [] })).resolves.toBeUndefined();
    expect(dynamo).toHaveReceivedNthCommandWith(1, UpdateCommand, {
      UpdateExpression: 'SET #f0 = :v0, #f1 = :v1, #f2 = :v2, #f3 = :v3, #f4 = :v4',
      ConditionExpression: 'incidentId = :incidentId AND #run = :run AND #state <> :closed',
      ExpressionAttributeValues: {
        ':v0': 'open',
        ':v1': [],
        ':v2': true,
        ':v3': 2,
        ':v4': 'incident',
        ':run': 1,
        ':closed': 'closed',
        ':incidentId': 'df3f1abf8b613253-89abcdef',
      },
    });
  });
});

test('an incident is found by its id, unless a later one took its place', async () => {
  found({});
  await expect(readIncident('df3f1abf8b613253-89abcdef')).resolves.toEqual(incident);
  await expect(readIncident('df3f1abf8b613253-00000000')).resolves.toBeUndefined();
});

test('an incident of an unknown shape is an error, not an absence', async () => {
  dynamo.on(GetCommand).resolves({ Item: { pk: 'incident#df3f1abf8b613253', state: 'half-open' } });
  await expect(readIncident('df3f1abf8b613253-89abcdef')).rejects.toThrow('"state"');
});

test('what is due is listed to the last page', async () => {
  const query = {
    IndexName: 'due',
    KeyConditionExpression: 'listing = :listing AND dueAt < :due',
    ExpressionAttributeValues: { ':listing': 'incident', ':due': '2026-11-23T10:00:00.000Z' },
  };
  dynamo
    .on(QueryCommand)
    .resolvesOnce({ Items: [{ ...incident }], LastEvaluatedKey: { pk: 'x' } })
    .resolvesOnce({ Items: [{ ...incident, run: 2 }] });
  const due = await listIncidents(NOW);
  expect(due.map(({ run }) => run)).toEqual([1, 2]);
  expect(dynamo).toHaveReceivedNthCommandWith(1, QueryCommand, query);
  expect(dynamo).toHaveReceivedNthCommandWith(2, QueryCommand, { ...query, ExclusiveStartKey: { pk: 'x' } });
});

test('S25: one item that cannot be read keeps no other from being moved', async () => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  dynamo.on(QueryCommand).resolves({ Items: [{ pk: 'incident#x', state: 'half-open' }, { ...incident }] });
  await expect(listIncidents()).resolves.toEqual([incident]);
  expect(JSON.parse(String(log.mock.calls[0]?.[0]))).toMatchObject({
    level: 'ERROR',
    logType: 'unreadable-incident',
    pk: 'incident#x',
  });
  log.mockRestore();
});
