import { createHash } from 'node:crypto';

/** Instances that are visited at once, at most: each is read and waited for. */
const LARGEST_WAVE = 20;

/**
 * An execution holds 3,000 operations: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html. A visit is one,
 * a wave two besides, the run's begin and end two.
 */
const MOST_OPERATIONS = 2900;
const OPERATIONS_OF_A_WAVE = 2;

/** How many of `total` a number or percent allows. */
export function numberOf(limit: string, total: number): number {
  return limit.endsWith('%') ? Math.floor((Number(limit.slice(0, -1)) * total) / 100) : Number(limit);
}

/**
 * Parts the fleet into waves: one instance alone first, then as many at once as are allowed. The order is another in each
 * run, so that no instance is always the first, nor always among those that a run does not reach.
 */
export function wavesOf(instanceIds: readonly string[], runId: string, maxConcurrency: string): string[][] {
  const rank = new Map(
    instanceIds.map((id) => [id, createHash('sha256').update(`${runId}#${id}`).digest('hex')] as const),
  );
  const ordered = instanceIds.toSorted((a, b) => ((rank.get(a) ?? '') < (rank.get(b) ?? '') ? -1 : 1));
  const size = Math.min(LARGEST_WAVE, Math.max(1, numberOf(maxConcurrency, instanceIds.length)));
  const visited = ordered.slice(0, Math.floor(MOST_OPERATIONS / (1 + OPERATIONS_OF_A_WAVE / size)));
  const [first, ...rest] = visited;
  if (first === undefined) return [];
  const later = Array.from({ length: Math.ceil(rest.length / size) }, (_, wave) =>
    rest.slice(wave * size, (wave + 1) * size),
  );
  return [[first], ...later];
}
