import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type ClaimFact, known, type Read, unreadable } from '../../core/facts.ts';
import { dynamo } from '../clients.ts';
import { epochSeconds, isConditionFailure, iso, stateTable } from './table.ts';

/** What one execution at a time may act on: an instance, or the instances that are counted together with it. */
export interface ClaimTarget {
  readonly kind: 'instance' | 'group';
  readonly id: string;
}

const key = (target: ClaimTarget) => ({ pk: `claim#${target.kind}#${target.id}` });

const held = z.object({ owner: z.string(), expiresAtEpochSeconds: z.number(), fence: z.number() });

/** The right to act on a target. */
export interface Claim {
  /** Grows with every claim of this target: instances refuse a number lower than the last they saw. */
  readonly fence: number;
}

/**
 * Takes the claim on a target by one conditional write: free, expired, or already ours (a repeated step).
 * Answers who holds it where it is not free.
 */
export async function takeClaim(
  target: ClaimTarget,
  owner: string,
  holdSeconds: number,
  nowMillis: number,
): Promise<{ readonly taken: true; readonly claim: Claim } | { readonly taken: false; readonly heldBy: string }> {
  try {
    const expiresAtMillis = nowMillis + holdSeconds * 1000;
    const { Attributes } = await dynamo().send(
      new UpdateCommand({
        TableName: stateTable(),
        Key: key(target),
        UpdateExpression:
          'SET #owner = :owner, expiresAtEpochSeconds = :expires, listing = :listing, dueAt = :dueAt, fence = if_not_exists(fence, :seed) + :one',
        ConditionExpression: 'attribute_not_exists(#owner) OR expiresAtEpochSeconds <= :now OR #owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: {
          ':owner': owner,
          ':expires': epochSeconds(expiresAtMillis),
          ':now': epochSeconds(nowMillis),
          ':listing': 'claim',
          ':dueAt': iso(expiresAtMillis),
          // a new table must not start below what instances have seen
          ':seed': epochSeconds(nowMillis),
          ':one': 1,
        },
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { taken: true, claim: { fence: held.parse(Attributes).fence } };
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
    return { taken: false, heldBy: 'another attempt' };
  }
}

/** Whether the owner still holds an unexpired claim; read right before the act. */
export async function holdsClaim(target: ClaimTarget, owner: string, nowMillis: number): Promise<boolean> {
  const claim = await readClaim(target);
  return (
    claim.read &&
    claim.value !== undefined &&
    claim.value.owner === owner &&
    claim.value.expiresAtEpochSeconds > epochSeconds(nowMillis)
  );
}

/** Gives the claim back; nothing happens where it is not ours any more. The fencing number stays. */
export async function releaseClaim(target: ClaimTarget, owner: string): Promise<void> {
  try {
    await dynamo().send(
      new UpdateCommand({
        TableName: stateTable(),
        Key: key(target),
        UpdateExpression: 'REMOVE #owner, expiresAtEpochSeconds, listing, dueAt',
        ConditionExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': owner },
      }),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}

/** Who holds the claim on a target now, expired or not. */
export async function readClaim(target: ClaimTarget): Promise<Read<ClaimFact | undefined>> {
  try {
    const { Item } = await dynamo().send(
      new GetCommand({ TableName: stateTable(), Key: key(target), ConsistentRead: true }),
    );
    if (Item?.['owner'] === undefined) return known(undefined); // never held, or given back: then the fence stays
    const parsed = held.safeParse(Item);
    return parsed.success ? known(parsed.data) : unreadable('the item has an unknown shape');
  } catch (error) {
    return unreadable(String(error));
  }
}
