/** A pattern that EventBridge would refuse, or a comparison that the sandbox does not know. */
export class UnsupportedPattern extends Error {}

/**
 * Whether an event matches an EventBridge event pattern: every field of the pattern must be in the event with one of the
 * values listed for it. Knows literals, prefix, suffix, equals-ignore-case, exists, anything-but, numeric and fields within
 * fields; throws {@link UnsupportedPattern} for anything else.
 */
export function matchesPattern(pattern: unknown, event: unknown): boolean {
  if (!isRecord(pattern)) throw new UnsupportedPattern(`event pattern: got ${show(pattern)}, allowed is an object`);
  return Object.entries(pattern).every(([field, expected]) => {
    const actual = isRecord(event) ? event[field] : undefined;
    if (Array.isArray(expected)) return expected.some((one: unknown) => matchesOne(one, actual));
    // The pattern descends into each object of a list.
    if (Array.isArray(actual)) return actual.some((one: unknown) => matchesPattern(expected, one));
    return matchesPattern(expected, actual);
  });
}

function matchesOne(expected: unknown, actual: unknown): boolean {
  if (isRecord(expected) && 'exists' in expected) return (actual !== undefined) === expected['exists'];
  if (actual === undefined) return false;
  if (isRecord(expected) && 'anything-but' in expected) return !matchesAny(expected['anything-but'], actual);
  const values: unknown[] = Array.isArray(actual) ? actual : [actual];
  return values.some((value) => matchesValue(expected, value));
}

function matchesAny(excluded: unknown, actual: unknown): boolean {
  const list: unknown[] = Array.isArray(excluded) ? excluded : [excluded];
  return list.some((one) => matchesOne(one, actual));
}

function matchesValue(expected: unknown, value: unknown): boolean {
  if (!isRecord(expected)) return expected === value;
  const [kind, argument] = Object.entries(expected)[0] ?? [];
  switch (kind) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(textOf(argument));
    case 'suffix':
      return typeof value === 'string' && value.endsWith(textOf(argument));
    case 'equals-ignore-case':
      return typeof value === 'string' && value.toLowerCase() === textOf(argument).toLowerCase();
    case 'numeric':
      return typeof value === 'number' && isInRange(argument, value);
    default:
      throw new UnsupportedPattern(
        `event pattern: got ${show(expected)}, allowed are literals, prefix, suffix, equals-ignore-case, exists, anything-but and numeric`,
      );
  }
}

/** `['>', 0, '<=', 5]`: every comparison must hold. */
function isInRange(comparisons: unknown, value: number): boolean {
  if (!Array.isArray(comparisons) || comparisons.length % 2 !== 0) {
    throw new UnsupportedPattern(
      `event pattern: numeric: got ${show(comparisons)}, allowed are pairs of operator and number`,
    );
  }
  return comparisons.every((operator: unknown, index) => {
    if (index % 2 === 1) return true;
    const limit: unknown = comparisons[index + 1];
    if (typeof limit !== 'number')
      throw new UnsupportedPattern(`event pattern: numeric: ${show(limit)} is not a number`);
    switch (operator) {
      case '=':
        return value === limit;
      case '<':
        return value < limit;
      case '<=':
        return value <= limit;
      case '>':
        return value > limit;
      case '>=':
        return value >= limit;
      default:
        throw new UnsupportedPattern(`event pattern: numeric: got ${show(operator)}, allowed are = < <= > >=`);
    }
  });
}

function textOf(argument: unknown): string {
  if (typeof argument !== 'string') throw new UnsupportedPattern(`event pattern: ${show(argument)} is not a text`);
  return argument;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
