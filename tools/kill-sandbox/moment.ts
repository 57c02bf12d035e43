import { setTimeout as wait } from 'node:timers/promises';
import type { SupervisedSandbox } from './supervised-sandbox.ts';

/** When a sandbox is killed: on its way up, as it starts one of its processes, or while incidents are worked on. */
export type Moment =
  | { readonly kind: 'on-its-way-up'; readonly shareOfStart: number }
  | { readonly kind: 'starting-a-process'; readonly place: number }
  | { readonly kind: 'touring'; readonly millis: number };

/** Probing for Python, trying namespaces, esbuild, moto, instances: about as many processes as a start makes. */
const PROCESSES_OF_A_START = 10;
/** At 60 times real time the tour's first incident is opened, worked on and verified within. */
const TOURING_MILLIS = 8000;

export function randomMoment(random: () => number): Moment {
  const kind = random();
  if (kind < 0.25) return { kind: 'on-its-way-up', shareOfStart: random() };
  if (kind < 0.5) return { kind: 'starting-a-process', place: 1 + Math.floor(random() * PROCESSES_OF_A_START) };
  return { kind: 'touring', millis: Math.floor(random() * TOURING_MILLIS) };
}

/** Waits for the moment and says which it was; `startMillis` is how long a start takes. */
export async function comes(moment: Moment, sandbox: SupervisedSandbox, startMillis: number): Promise<string> {
  switch (moment.kind) {
    case 'on-its-way-up': {
      const millis = Math.floor(moment.shareOfStart * startMillis);
      await wait(millis);
      return `${millis} ms after its start, which takes ${startMillis} ms`;
    }
    case 'starting-a-process':
      await sandbox.startsProcess(moment.place);
      return `as it started its process number ${moment.place}`;
    case 'touring':
      await wait(moment.millis);
      return `${moment.millis} ms after it was up`;
  }
}
