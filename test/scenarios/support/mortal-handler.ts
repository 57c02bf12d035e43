import {
  type DurableExecutionClient,
  DurableExecutionInvocationInputWithClient,
  type DurableLambdaHandler,
} from '@aws/durable-execution-sdk-js';

/** A durable handler whose invocations can be killed, on the SDK's local runner, which knows no crashes. */
export interface MortalHandler {
  readonly handler: DurableLambdaHandler;
  /** Ends the invocation whose execution was started with an input that has this in it, as a crash does; it is invoked again. */
  kill(partOfInput: string): void;
}

/** Wraps a handler: a killed invocation never gets past its next checkpoint, and another takes over from what was saved. */
export function mortal(handler: DurableLambdaHandler): MortalHandler {
  const living = new Map<string, () => void>();
  return {
    kill: (partOfInput) => {
      const found = [...living].find(([input]) => input.includes(partOfInput));
      if (found === undefined)
        throw new Error(`no invocation that runs was started with ${JSON.stringify(partOfInput)}`);
      found[1]();
    },
    handler: async (event, context) => {
      if (!DurableExecutionInvocationInputWithClient.isInstance(event)) throw new Error('this is not the local runner');
      const { DurableExecutionArn, CheckpointToken, durableExecutionClient: client } = event;
      const input = event.InitialExecutionState.Operations[0]?.ExecutionDetails?.InputPayload ?? '';
      let state = event.InitialExecutionState;
      for (;;) {
        const death = Promise.withResolvers<'died'>();
        living.set(input, () => death.resolve('died'));
        const output = await Promise.race([
          handler(
            new DurableExecutionInvocationInputWithClient(
              Object.assign({}, event, { InitialExecutionState: state }),
              untilDeath(client, death.promise),
            ),
            context,
          ),
          death.promise,
        ]);
        living.delete(input);
        if (output !== 'died') return output;
        const { Operations = [] } = await client.getExecutionState({ DurableExecutionArn, CheckpointToken });
        state = { Operations, NextMarker: '' };
      }
    },
  };
}

/** A client that answers the living only: what a dead invocation still wants to save is not saved. */
function untilDeath(client: DurableExecutionClient, death: Promise<unknown>): DurableExecutionClient {
  const forever = new Promise<never>(() => {});
  let dead = false;
  void death.then(() => {
    dead = true;
  });
  return {
    getExecutionState: (request, logger) => client.getExecutionState(request, logger),
    checkpoint: async (request, logger) => {
      if (dead) return forever;
      const answer = await client.checkpoint(request, logger);
      return dead ? forever : answer;
    },
  };
}
