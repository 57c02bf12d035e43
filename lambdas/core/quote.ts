const MOST_CHARACTERS = 80;

/** At most 80 characters of whatever came, so that a log line stays a line; never throws. */
export function quote(value: unknown): string {
  return cut(written(value));
}

/** At most 80 characters of a text. */
export function cut(text: string): string {
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}… (${text.length} characters)` : text;
}

/** Values that are nested by the ten thousands can be parsed, but not written. */
function written(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return 'a value that cannot be written';
  }
}
