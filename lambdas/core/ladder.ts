import { DISRUPTIONS, type Slice } from '../../remedies/slice.ts';

/** The remedies that treat a symptom, least disruptive first. */
export function ladderOf(symptom: string, slices: readonly Slice[]): Slice[] {
  return slices
    .filter((slice) => slice.symptom === symptom)
    .toSorted((a, b) => DISRUPTIONS.indexOf(a.disruption) - DISRUPTIONS.indexOf(b.disruption));
}

/** The slice that detects a symptom, whose check verifies every rung's work. */
export function detectingSlice(symptom: string, slices: readonly Slice[]): Slice | undefined {
  return slices.find((slice) => slice.symptom === symptom);
}
