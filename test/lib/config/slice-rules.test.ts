import { join } from 'node:path';
import { sliceProblems } from '../../../lib/config/slice-rules.ts';
import { sliceSchema } from '../../../lib/config/slice-schema.ts';
import { slices } from '../../../remedies/index.ts';

test.each(slices)("what is asked of the operator's remedies is kept by $id", (slice) => {
  expect(sliceSchema.safeParse(slice)).toMatchObject({ success: true });
  expect(sliceProblems(slice, join(import.meta.dirname, '../../../remedies'))).toEqual([]);
});
