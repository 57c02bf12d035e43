import type { World } from '../world.ts';
import { auditTrail } from './audit-trail.ts';

/** What an incident came to, counted at every place where an act leaves a trace. */
export interface Account {
  /** Kinds of its records, in their order. */
  readonly records: string;
  readonly because: string | undefined;
  /** What the state table says of it. */
  readonly state: string;
  /** Repair commands that SSM accepted. */
  readonly repairsSent: number;
  /** Repair commands that ended on the instance, as SSM saw it. */
  readonly repairsRun: number;
  /** Attempts that left their result on the instance and changed something. */
  readonly changesInside: number;
  /** Who may act on the instance now: nobody, once all is over. */
  readonly claimOwner: unknown;
}

/** What a healed incident comes to: one act, whatever happened on the way. */
export const HEALED: Account = {
  records: 'opened decided acted verified verified closed',
  because: 'recovered',
  state: 'closed',
  repairsSent: 1,
  repairsRun: 1,
  changesInside: 1,
  claimOwner: undefined,
};

const ATTEMPTS = `cd /run/self-healing/attempts 2>/dev/null || exit 0; grep -ls '"result":"changed"' -- repair-* || true`;

/** Counts repair commands where they end; made before the first incident. */
export class Accounts {
  readonly #world: World;
  readonly #run: string[] = [];

  constructor(world: World) {
    this.#world = world;
    world.sandbox.ssm.onCompleted(({ documentName, comment }) => {
      if (documentName.includes('-repair-')) this.#run.push(comment);
    });
  }

  async of(incidentId: string, instanceId: string): Promise<Account> {
    const world = this.#world;
    const ours = (text: string): boolean => text.includes(incidentId);
    const records = await auditTrail(world, incidentId);
    const closed = records.find((record) => record.kind === 'closed');
    const inside = await world.look(instanceId, ATTEMPTS);
    return {
      records: records.map(({ kind }) => kind).join(' '),
      because: closed?.because,
      state: (await world.state.incident(incidentId)).state,
      repairsSent: world.commands('-repair-').filter(({ input }) => ours(String(input['Comment']))).length,
      repairsRun: this.#run.filter(ours).length,
      changesInside: inside.split('\n').filter(ours).length,
      claimOwner: (await world.state.get(`claim#instance#${instanceId}`))?.['owner'],
    };
  }
}
