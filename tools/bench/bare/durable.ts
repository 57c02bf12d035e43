import { CheckpointDurableExecutionCommand, type OperationUpdate } from '@aws-sdk/client-lambda';
import { lambda } from '../../../lambdas/aws/clients.ts';

/** What Lambda invokes a durable function with. */
export interface DurableEvent {
  readonly DurableExecutionArn: string;
  readonly CheckpointToken: string;
  readonly InitialExecutionState: {
    readonly Operations: readonly {
      readonly Type: string;
      readonly Status: string;
      readonly ExecutionDetails?: { readonly InputPayload: string };
    }[];
  };
}

/** What a durable function answers: it goes on when a chained function has ended, or it is done. */
export type DurableAnswer = { readonly Status: 'PENDING' } | { readonly Status: 'SUCCEEDED'; readonly Result: string };

/** What the execution was started with. */
export function inputOf({ InitialExecutionState }: DurableEvent): string {
  return InitialExecutionState.Operations[0]?.ExecutionDetails?.InputPayload ?? '{}';
}

/** Chained functions that have ended. */
export function endedInvokes({ InitialExecutionState }: DurableEvent): number {
  return InitialExecutionState.Operations.filter(
    ({ Type, Status }) => Type === 'CHAINED_INVOKE' && Status === 'SUCCEEDED',
  ).length;
}

/** One checkpoint of an invocation that makes only this one. */
export async function checkpoint(event: DurableEvent, Updates: OperationUpdate[]): Promise<void> {
  const { DurableExecutionArn, CheckpointToken } = event;
  await lambda().send(new CheckpointDurableExecutionCommand({ DurableExecutionArn, CheckpointToken, Updates }));
}
