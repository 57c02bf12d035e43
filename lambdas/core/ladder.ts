import { DISRUPTIONS, type Detecting, detecting, isAct, type Remedy } from '../../remedies/slice.ts';

/** The remedies that treat a symptom, least disruptive first. */
export function ladderOf(symptom: string, slices: readonly Remedy[]): Remedy[] {
  return slices
    .filter((slice) => slice.symptom === symptom)
    .toSorted((a, b) => DISRUPTIONS.indexOf(a.disruption) - DISRUPTIONS.indexOf(b.disruption));
}

/** The slice that detects a symptom, whose check verifies every rung's work. */
export function detectingSlice(symptom: string, slices: readonly Remedy[]): Detecting | undefined {
  return detecting(slices).find((slice) => slice.symptom === symptom);
}

/** Whether a symptom's check asks AWS's API instead of the instance. */
export function isAskedByApi(symptom: string, slices: readonly Remedy[]): boolean {
  const slice = detectingSlice(symptom, slices);
  return slice !== undefined && isAct(slice);
}
