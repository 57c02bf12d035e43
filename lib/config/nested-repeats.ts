/** What Go repeats at most: agents check patterns by it. https://pkg.go.dev/regexp/syntax, "reject forms … above 1000" */
export const MOST_REPEATS = 1000;

/** How often a pattern's counted repeats, multiplied where they lie within each other, repeat one thing; `*` and `+` are not counted. */
export function nestedRepeats(pattern: string): number {
  const most = [1];
  let last = 1;
  let text = pattern;
  while (text !== '') {
    const [token = text, class_, count] =
      /^(?:(\[\^?\]?(?:\\.|[^\]\\])*\])|\{(?:\d+,)?(\d+),?\}|\\.|[\s\S])/.exec(text) ?? [];
    if (token === '(') {
      most.push(1);
    } else if (token === ')') {
      last = most.pop() ?? 1;
      most.push(Math.max(most.pop() ?? 1, last));
    } else if (count !== undefined) {
      last *= Number(count);
      most.push(Math.max(most.pop() ?? 1, last));
    } else if (class_ !== undefined || !['*', '+', '?', '|'].includes(token)) {
      last = 1;
    }
    text = text.slice(token.length);
  }
  return Math.max(...most);
}
