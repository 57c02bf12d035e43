/** A time as CloudWatch's events carry it: `2025-12-01T13:42:04.919+0000`. */
export function offsetTime(atMillis: number): string {
  return new Date(atMillis).toISOString().replace('Z', '+0000');
}

/** A time as an EventBridge envelope carries it: `2025-12-01T13:42:04Z`. */
export function envelopeTime(atMillis: number): string {
  return `${new Date(atMillis).toISOString().slice(0, 19)}Z`;
}
