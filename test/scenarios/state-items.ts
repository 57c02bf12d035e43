import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { keyOfIncidentId } from '../../lambdas/core/incident.ts';

/** The state table as scenarios look at it, damage it, and let time pass in it. */
export class StateItems {
  readonly #dynamo: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(dynamo: DynamoDBDocumentClient, table: string) {
    this.#dynamo = dynamo;
    this.#table = table;
  }

  async get(pk: string): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#dynamo.send(
      new GetCommand({ TableName: this.#table, Key: { pk }, ConsistentRead: true }),
    );
    return Item;
  }

  async put(item: { readonly pk: string } & Readonly<Record<string, unknown>>): Promise<void> {
    await this.#dynamo.send(new PutCommand({ TableName: this.#table, Item: item }));
  }

  /** State and run of an incident. */
  async incident(incidentId: string): Promise<{ readonly state: string; readonly run: number }> {
    const item = await this.get(pkOf(incidentId));
    return { state: String(item?.['state']), run: Number(item?.['run']) };
  }

  /** Makes the sweep look at an incident in its next pass. */
  async makeDue(incidentId: string): Promise<void> {
    await this.#dynamo.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { pk: pkOf(incidentId) },
        UpdateExpression: 'SET dueAt = :past',
        ExpressionAttributeValues: { ':past': '2000-01-01T00:00:00.000Z' },
      }),
    );
  }

  /** Makes the sweep start a chore in its next pass; a sweep must have planned it. */
  async makeChoreDue(choreId: string): Promise<void> {
    await this.#dynamo.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { pk: `chore#${choreId}` },
        UpdateExpression: 'SET #plan.dueAt = :past',
        ExpressionAttributeNames: { '#plan': 'plan' },
        ExpressionAttributeValues: { ':past': '2026-01-01T00:00:00.000Z' },
      }),
    );
  }
}

const pkOf = (incidentId: string): string => `incident#${keyOfIncidentId(incidentId)}`;
