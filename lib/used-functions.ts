/** A function of a shared script, or lines between its functions. */
interface Chunk {
  /** `undefined`: it is no function, and stays whatever uses it. */
  readonly functionName?: string;
  readonly text: string;
}

/**
 * A shared script without the functions that nothing uses: one document holds 64 KB, and a template of 1 MB all of them. What is
 * used is named somewhere: in the scripts that it stands before, between its functions, or in a function that is used.
 */
export function usedBy(scripts: string, shared: string): string {
  const chunks = chunksOf(shared);
  const used = new Set(chunks.filter(({ functionName }) => functionName === undefined));
  let added = [{ text: scripts }, ...used];
  while (added.length > 0) {
    const words = new Set(added.flatMap(({ text }) => text.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []));
    const more = chunks.filter((one) => !used.has(one) && words.has(one.functionName ?? ''));
    for (const chunk of more) used.add(chunk);
    added = more;
  }
  return chunks
    .filter((chunk) => used.has(chunk))
    .map(({ text }) => text)
    .join('\n');
}

/** Functions as our scripts write them: `name() {` to a line that begins with `}`, or all on one line. */
function chunksOf(script: string): Chunk[] {
  const chunks: Chunk[] = [];
  let within: { readonly functionName: string; readonly lines: string[] } | undefined;
  for (const line of script.split('\n')) {
    const [, functionName, rest] = /^([a-z_][a-z0-9_]*)\(\) \{(.*)$/.exec(line) ?? [];
    if (within !== undefined) {
      within.lines.push(line);
      if (line !== '}') continue;
      chunks.push({ functionName: within.functionName, text: within.lines.join('\n') });
      within = undefined;
    } else if (functionName === undefined || rest === undefined) chunks.push({ text: line });
    else if (rest === '') within = { functionName, lines: [line] };
    else chunks.push({ functionName, text: line });
  }
  if (within !== undefined) throw new Error(`the function ${within.functionName} has no line "}" that ends it`);
  return chunks;
}
