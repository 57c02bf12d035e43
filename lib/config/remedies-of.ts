import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { slices } from '../../remedies/index.ts';
import type { Slice } from '../../remedies/slice.ts';
import type { Config } from './config.ts';

/** A slice, and the folder in which the folder of its scripts lies. */
export interface LocatedSlice {
  readonly slice: Slice;
  readonly folder: string;
}

const OWN_FOLDER = join(import.meta.dirname, '../../remedies');

/** Every remedy of a deployment: the system's own, then the operator's. */
export function remediesOf({ ownRemedies }: Config): readonly LocatedSlice[] {
  return [
    ...slices.map((slice) => ({ slice, folder: OWN_FOLDER })),
    ...(ownRemedies?.slices ?? []).map((slice) => ({ slice, folder: ownRemedies?.folder ?? '' })),
  ];
}

/** Whether a timer on the instance measures what the slice watches, by the slice's own script; else the CloudWatch agent does. */
export function isMeasuredApart({ slice, folder }: LocatedSlice): boolean {
  return existsSync(join(folder, slice.id, 'measure.sh'));
}
