import { existsSync } from 'node:fs';
import { z } from 'zod';
import { quote } from '../../lambdas/core/quote.ts';
import { chores } from '../../remedies/chores.ts';
import { actSlices, slices as systemSlices } from '../../remedies/index.ts';
import type { Slice } from '../../remedies/slice.ts';
import { describeIssue } from './describe-issue.ts';
import { sliceProblems } from './slice-rules.ts';
import { sliceSchema } from './slice-schema.ts';

/** What the key `ownRemedies` holds; its slices are checked one by one. */
const ownRemediesSchema = z.strictObject({
  folder: z.string().regex(/^\//, 'allowed is an absolute path, for example join(import.meta.dirname, "remedies")'),
  slices: z.array(z.unknown()),
});

/**
 * What is wrong with the operator's own remedies, one sentence each that says what to mend; empty: nothing. Takes whatever was
 * written there: nobody's type checker need have seen it.
 */
export function ownRemedyProblems(ownRemedies: unknown): string[] {
  if (ownRemedies === undefined) return [];
  const form = z.object({ ownRemedies: ownRemediesSchema }).safeParse({ ownRemedies });
  if (!form.success) {
    return form.error.issues.map((issue) =>
      describeIssue(issue, { ownRemedies }, 'ownRemedies', 'allowed are folder, slices'),
    );
  }
  const { folder, slices } = form.data.ownRemedies;
  if (!existsSync(folder)) return [`ownRemedies.folder is ${quote(folder)}: there is no such folder`];
  const known: Slice[] = [...systemSlices];
  return slices.flatMap((written, place) => {
    const parsed = sliceSchema.safeParse(written);
    const problems = parsed.success
      ? [...sliceProblems(parsed.data, folder), ...neighbourProblems(parsed.data, known)]
      : parsed.error.issues.map((issue) => describeIssue(issue, written, 'the slice', issue.message));
    if (parsed.success) known.push(parsed.data);
    return problems.map((problem) => `ownRemedies.slices.${place}${idOf(written)}: ${problem}`);
  });
}

/** An id names one slice; those of one symptom are rungs of one ladder, and so must mean the same part of an instance. */
function neighbourProblems({ id, symptom, detection }: Slice, known: readonly Slice[]): string[] {
  if ([...known, ...actSlices, ...chores].some((other) => other.id === id)) {
    return [`the id ${quote(id)} is taken; give it another`];
  }
  if (actSlices.some((one) => one.symptom === symptom)) {
    return [`the symptom ${symptom} is treated by AWS's API alone; give it another`];
  }
  const other = known.find((one) => one.symptom === symptom);
  if (other === undefined || other.detection.groupBy.length === detection.groupBy.length) return [];
  return [
    `detection.groupBy is ${detection.groupBy.join(', ')}; the symptom ${symptom} is grouped by ${other.detection.groupBy.join(', ')}, says ${other.id}`,
  ];
}

function idOf(written: unknown): string {
  if (typeof written !== 'object' || written === null || !('id' in written)) return '';
  return typeof written.id === 'string' ? ` (${written.id})` : '';
}
