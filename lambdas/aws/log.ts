/** One structured line; `logType` is what saved queries filter on. */
export function log(
  level: 'INFO' | 'WARN' | 'ERROR',
  logType: string,
  fields: Readonly<Record<string, unknown>>,
): void {
  console.log(JSON.stringify({ level, logType, ...fields }));
}
