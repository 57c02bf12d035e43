import * as z from 'zod/mini';
import type { CommandResult } from './check-reading.ts';
import { withoutEarlyEvidence } from './early-evidence.ts';
import { redact } from './redact.ts';

const RESULTS = [
  'changed',
  /** Of a preview. */
  'would-change',
  'nothing-to-do',
  'already-healthy',
  'unknown',
  'busy',
  'stale-fence',
  'refused',
] as const;

/** DynamoDB takes no number beyond these, and no script counts that far. */
const count = z.number().check(z.gte(0), z.lte(Number.MAX_SAFE_INTEGER));

const report = z.object({
  result: z.enum(RESULTS),
  summary: z.string(),
  reason: z.optional(z.string()),
  bytesFreed: z.optional(count),
  counts: z.optional(z.record(z.string(), count)),
  largest: z.optional(z.array(z.object({ path: z.string(), bytes: count }))),
  changes: z.optional(z.array(z.catchall(z.object({ what: z.string() }), z.union([z.string(), count])))),
  left: z.optional(z.array(z.object({ why: z.string(), count }))),
  evidence: z.optional(z.record(z.string(), z.union([z.string(), z.array(z.string())]))),
  manifest: z.optional(
    z.union([z.object({ place: z.string(), sha256: z.string(), entries: count }), z.object({ omitted: z.string() })]),
  ),
});

/** What a script says that it changed, or would. */
export type RepairReport = z.infer<typeof report>;

/** The script's report, or why there is none: cut or unparsable output is never taken for a result. */
export type ParsedReport =
  | { readonly ok: true; readonly report: RepairReport }
  | { readonly ok: false; readonly problem: string };

/** Reads the one JSON object that a repair prints. */
export function parseReport({ exitCode, stdout, stderr, statusDetails }: CommandResult): ParsedReport {
  if (exitCode !== 0) {
    const why = withoutEarlyEvidence(stderr).trim().split('\n').at(-1)?.slice(0, 200) ?? '';
    return {
      ok: false,
      problem: `the script ended ${statusDetails} with exit code ${exitCode ?? 'none'}${why && `: ${redact(why)}`}`,
    };
  }
  let value: unknown;
  try {
    value = JSON.parse(stdout, (_, one: unknown) => (typeof one === 'string' ? redact(one) : one));
  } catch {
    return { ok: false, problem: `the script's output is not JSON (${stdout.length} characters, cut or damaged)` };
  }
  const parsed = report.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return {
      ok: false,
      problem: `the script's report is wrong at "${issue?.path.join('.') ?? ''}": ${issue?.message ?? 'unknown'}`,
    };
  }
  return { ok: true, report: parsed.data };
}
