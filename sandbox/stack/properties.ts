/** A property that must be text; throws with the resource's name where it is not. */
export function textOf(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${what} is ${JSON.stringify(value) ?? 'missing'}, the sandbox wants text`);
}

export function optionalText(value: unknown): string | undefined {
  return value === undefined ? undefined : textOf(value, 'a property');
}

/** The fields of an object; empty where it is none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function numberOf(value: unknown, preset: number): number {
  return value === undefined ? preset : Number(value);
}
