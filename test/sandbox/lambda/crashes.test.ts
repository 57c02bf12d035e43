import { SendDurableExecutionCallbackSuccessCommand } from '@aws-sdk/client-lambda';
import { type Bench, durable, openBench } from './support/bench.ts';

const INTERRUPTED = 'StepInterruptedError';

describe('a durable function that is killed', () => {
  let bench: Bench;
  let run = 0;
  const kills = new Map<string, { index: number; when: 'before' | 'after' }>();
  const seen = new Map<string, string[]>();

  beforeAll(async () => {
    bench = await openBench(3_600);
    bench.register('journey', durable(86_400));
    bench.register('child', durable(86_400));
    bench.onAct = async (name) => {
      if (name !== 'answer') return;
      const CallbackId = bench.acts('answer').at(-1);
      const Result = Buffer.from('yes');
      await bench.client
        .send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result }))
        .catch(() => undefined);
    };
    bench.service.faults.onCheckpoint = ({ executionName, operationName, operationType, action, index }, when) => {
      if (when === 'before') {
        const updates = seen.get(executionName) ?? [];
        seen.set(executionName, [...updates, `${operationType} ${action} ${operationName ?? ''}`.trim()]);
      }
      const kill = kills.get(executionName);
      return kill?.index === index && kill.when === when ? 'kill' : undefined;
    };
  });

  afterAll(() => bench.close());

  const travel = async (kill?: { index: number; when: 'before' | 'after' }) => {
    run += 1;
    const name = `journey-${run}`;
    if (kill !== undefined) kills.set(name, kill);
    const before = { first: bench.acts('first').length, second: bench.acts('second').length };
    await bench.service.invoke({
      functionName: 'journey:live',
      payload: '{}',
      invocationType: 'Event',
      durableExecutionName: name,
    });
    const { status, result } = await bench.service.closed(name);
    return {
      status,
      result: JSON.parse(result ?? 'null'),
      first: bench.acts('first').length - before.first,
      second: bench.acts('second').length - before.second,
      updates: seen.get(name) ?? [],
    };
  };

  it('reaches its end, whichever checkpoint it dies at, and acts at most once', async () => {
    const calm = await travel();
    expect(calm).toMatchObject({
      status: 'SUCCEEDED',
      result: { first: 'done', polls: 2, answer: 'yes', doubled: 42, second: 'done' },
      first: 1,
      second: 1,
    });
    expect(calm.updates).toEqual([
      'STEP START first',
      'STEP SUCCEED first',
      'WAIT START pause',
      'STEP START poll',
      'STEP RETRY poll',
      'STEP START poll',
      'STEP SUCCEED poll',
      'CONTEXT START answer',
      'CALLBACK START',
      'STEP START',
      'STEP SUCCEED',
      'CONTEXT SUCCEED answer',
      'CHAINED_INVOKE START child',
      'CONTEXT START inner',
      'STEP START second',
      'STEP SUCCEED second',
      'CONTEXT SUCCEED inner',
    ]);
    for (let index = 0; index < calm.updates.length; index += 1) {
      for (const when of ['before', 'after'] as const) {
        const journey = await travel({ index, when });
        const place = `killed ${when} ${calm.updates[index]}`;
        expect({ place, status: journey.status }).toEqual({ place, status: 'SUCCEEDED' });
        // Acted once, or died between the start and the act and says that nobody knows.
        for (const step of ['first', 'second'] as const) {
          const interrupted = { place, acts: expect.any(Number), says: INTERRUPTED };
          const says = journey.result[step];
          if (says === 'done') expect({ place, acts: journey[step] }).toEqual({ place, acts: 1 });
          else expect({ place, acts: journey[step], says }).toEqual(interrupted);
          expect(journey[step]).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it('does not act again where the answer to its call is lost', async () => {
    const answer = bench.onAct;
    let killed = 0;
    bench.onAct = async (name) => {
      if (name === 'first' && killed === 0) killed = await bench.service.killEnvironment('AKIAJOURNEY');
      else await answer(name);
    };
    const journey = await travel();
    bench.onAct = answer;
    expect(killed).toBe(1);
    expect(journey).toMatchObject({ status: 'SUCCEEDED', first: 1, result: { first: INTERRUPTED, second: 'done' } });
  });

  it('is given up after five crashes without progress, and its event goes to the dead-letter queue', async () => {
    const dead: string[] = [];
    const deadLetter = async (payload: string, error: string): Promise<void> => void dead.push(`${payload} ${error}`);
    bench.register('crashing', { ...durable(86_400), deadLetter });
    await bench.service.invoke({
      functionName: 'crashing:live',
      payload: '{"n":1}',
      invocationType: 'Event',
      durableExecutionName: 'crash',
    });
    expect(await bench.service.closed('crash')).toMatchObject({ status: 'FAILED', invocations: 6 });
    await bench.service.idle();
    expect(dead).toEqual(['{"n":1} Runtime.ExitError: runtime exited with code 3']);
    expect(bench.acts('crashing')).toHaveLength(6);
  });
});
