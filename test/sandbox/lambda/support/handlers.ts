/** Functions under test: real handlers, bundled and run in the emulated Lambda. */
import {
  CallbackTimeoutError,
  type DurableContext,
  InvokeError,
  StepError,
  StepSemantics,
  withDurableExecution,
} from '@aws/durable-execution-sdk-js';

/** Does something outside that the test can count. */
async function act(name: string, detail = ''): Promise<void> {
  await fetch(`${process.env['EFFECTS_URL']}/${name}`, { method: 'POST', body: detail });
}

const once = { semantics: StepSemantics.AtMostOncePerRetry, retryStrategy: () => ({ shouldRetry: false }) } as const;

export const echo = async (event: unknown): Promise<unknown> => {
  await act('echo', JSON.stringify(event));
  return event;
};

export const environment = async (_event: unknown, context: Record<string, unknown>): Promise<unknown> => {
  console.log('first line\nsecond line');
  const remaining = context['getRemainingTimeInMillis'];
  return {
    variables: process.env,
    now: [Date.now(), new Date().getTime(), new Date() instanceof Date, Date.parse('1970-01-01T00:00:01Z')],
    context,
    remainingIsNumber: typeof remaining === 'function' && typeof remaining() === 'number',
  };
};

export const failing = async (): Promise<never> => {
  await act('failing');
  throw new TypeError('always');
};

export const sleeper = async ({ seconds }: { seconds: number }): Promise<string> => {
  await act('sleeper');
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  return 'slept';
};

export const retry = withDurableExecution(async (_event, ctx: DurableContext) => {
  const attempt = await ctx.step(
    'flaky',
    async ({ attempt }) => {
      await act('flaky', String(attempt));
      if (attempt < 3) throw new Error(`attempt ${attempt}`);
      return attempt;
    },
    { retryStrategy: () => ({ shouldRetry: true, delay: { seconds: 30 } }) },
  );
  return { attempt };
});

export const wait = withDurableExecution(async (_event, ctx: DurableContext) => {
  const before = await ctx.step('before', async () => Date.now());
  await ctx.wait('settle', { minutes: 10 });
  const after = await ctx.step('after', async () => Date.now());
  return { waitedSeconds: Math.round((after - before) / 1000) };
});

/** Says which version of itself it ran in, before and after a day. */
export const version = withDurableExecution(async (_event, ctx: DurableContext) => {
  const before = await ctx.step('before', async () => process.env['COLOUR']);
  await ctx.wait('a day', { days: 1 });
  const after = await ctx.step('after', async () => ({ colour: process.env['COLOUR'], at: Date.now() }));
  return { before, after: after.colour, at: after.at };
});

export const condition = withDurableExecution(async (_event, ctx: DurableContext) =>
  ctx.waitForCondition('poll', async (state: { polls: number }) => ({ polls: state.polls + 1 }), {
    initialState: { polls: 0 },
    waitStrategy: ({ polls }: { polls: number }) =>
      polls >= 4 ? { shouldContinue: false } : { shouldContinue: true, delay: { seconds: 15 } },
  }),
);

export const approval = withDurableExecution(async ({ heartbeat }: { heartbeat?: number }, ctx: DurableContext) => {
  try {
    const answer = await ctx.waitForCallback('approval', async (callbackId) => act('approval', callbackId), {
      timeout: { hours: 1 },
      ...(heartbeat === undefined ? {} : { heartbeatTimeout: { seconds: heartbeat } }),
    });
    return { answer };
  } catch (error) {
    return { timedOut: error instanceof CallbackTimeoutError, refused: String(error) };
  }
});

export const parent = withDurableExecution(async ({ child }: { child: string }, ctx: DurableContext) => {
  try {
    return { child: await ctx.invoke('child', child, { amount: 2 }) };
  } catch (error) {
    return { failed: error instanceof InvokeError, why: String(error) };
  }
});

export const child = withDurableExecution(async ({ amount }: { amount: number }, ctx: DurableContext) => {
  await ctx.wait({ seconds: 60 });
  return ctx.step('double', async () => {
    await act('double');
    return amount * 2;
  });
});

/** A step that acts at most once: says whether it did, did not, or nobody knows. */
async function actOnce(ctx: DurableContext, name: string): Promise<string> {
  try {
    return await ctx.step(
      name,
      async () => {
        await act(name);
        return 'done';
      },
      once,
    );
  } catch (error) {
    if (error instanceof StepError && error.cause !== undefined) return error.cause.name;
    throw error;
  }
}

/** Every kind of operation, acting in between. */
export const journey = withDurableExecution(async (_event, ctx: DurableContext) => {
  const first = await actOnce(ctx, 'first');
  await ctx.wait('pause', { seconds: 30 });
  const polls = await ctx.waitForCondition('poll', async (state: number) => state + 1, {
    initialState: 0,
    waitStrategy: (state: number) =>
      state >= 2 ? { shouldContinue: false } : { shouldContinue: true, delay: { seconds: 5 } },
  });
  const answer = await ctx.waitForCallback('answer', async (callbackId) => act('answer', callbackId), {
    timeout: { hours: 2 },
  });
  const doubled = await ctx.invoke('child', 'child:live', { amount: 21 });
  const second = await ctx.runInChildContext('inner', async (inner) => actOnce(inner, 'second'));
  return { first, polls, answer, doubled, second };
});

export const crowd = withDurableExecution(async ({ steps }: { steps: number }, ctx: DurableContext) => {
  await Promise.all(Array.from({ length: steps }, (_, index) => ctx.step(`step-${index}`, async () => index)));
  await ctx.wait({ seconds: 1 });
  return ctx.step('last', async () => steps);
});

export const large = withDurableExecution(async ({ bytes }: { bytes: number }, ctx: DurableContext) =>
  ctx.step('large', async () => 'x'.repeat(bytes), { retryStrategy: () => ({ shouldRetry: false }) }),
);

export const crashing = withDurableExecution(async (_event, ctx: DurableContext) => {
  await ctx.step('fine', async () => 'fine');
  await act('crashing');
  process.exit(3);
});
