import { type Account, HEALED } from './account.ts';
import { fillDisk } from './disk-incident.ts';
import type { Stage } from './stage.ts';

/** The stories that must go the same way on whatever runs the durable functions; declares their tests. */
export function tellStories(openStage: (instances: number) => Promise<Stage>): void {
  let stage: Stage;
  let paused: string;
  const instance = (place: number): string => stage.world.instance(place);
  const account = (incidentId: string, place: number): Promise<Account> =>
    stage.accounts.of(incidentId, instance(place));

  beforeAll(async () => {
    stage = await openStage(4);
  });
  afterAll(() => stage.close());

  test('S5: a stack that was never switched on checks and holds', async () => {
    await fillDisk(stage.world, instance(0));
    paused = await stage.open(instance(0));
    expect(await stage.ended(paused, 1)).toBe('left-to-the-sweep');
    expect(await account(paused, 0)).toEqual({
      ...HEALED,
      records: 'opened decided',
      because: undefined,
      state: 'open',
      repairsSent: 0,
      repairsRun: 0,
      changesInside: 0,
    });
    expect(stage.world.commands('-repair-')).toEqual([]);
  });

  describe('once it is switched on', () => {
    const ids: string[] = [];
    let ends: unknown[];

    // the stories go side by side, each on an instance of its own
    beforeAll(async () => {
      await stage.world.ask({ request: 'resume', requestedBy: 'test', reason: 'the scenario starts' });
      await Promise.all([1, 2, 3].map((place) => fillDisk(stage.world, instance(place), place === 2)));
      stage.loseRepairAnswer(instance(3));
      for (const place of [1, 2, 3]) ids[place] = await stage.open(instance(place));
      await stage.world.state.makeDue(paused);
      expect((await stage.sweep()).moved).toEqual([paused]);
      ends = await Promise.all([stage.ended(paused, 2), ...[1, 2, 3].map((place) => stage.ended(ids[place] ?? '', 1))]);
    }, 120_000);

    test("S29: the sweep's second run heals what the first one held", async () => {
      expect(ends[0]).toBe('closed');
      expect(await account(paused, 0)).toEqual({
        ...HEALED,
        records: 'opened decided decided acted verified verified closed',
      });
    });

    test('a full disk heals, with one act', async () => {
      expect(ends[1]).toBe('closed');
      expect(await account(ids[1] ?? '', 1)).toEqual(HEALED);
    });

    test('what no repair can reach is tried once, and handed to a person', async () => {
      expect(ends[2]).toBe('escalated');
      expect(await account(ids[2] ?? '', 2)).toEqual({
        ...HEALED,
        records: 'opened decided acted verified decided escalated',
        because: undefined,
        state: 'escalated',
        changesInside: 0,
      });
    });

    test('S21, S22: a function that dies before it hears that its command was accepted sends no other', async () => {
      expect(ends[3]).toBe('closed');
      expect(await account(ids[3] ?? '', 3)).toEqual(HEALED);
    });
  });
}
