import { Unsupported } from '../unsupported.ts';

/** A metric math expression that is wrong, or that the sandbox does not evaluate; the message says what about it. */
export class UnsupportedMath extends Unsupported {}

const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|"([^"]*)"|'([^']*)'|([A-Za-z_][A-Za-z0-9_]*)|([-+*/^()[\],]))/y;

/** A piece of an expression, and where it stands. */
export interface Token {
  readonly kind: 'number' | 'text' | 'word' | 'mark' | 'end';
  readonly value: string;
  readonly at: number;
}

/** The pieces of an expression, the end last; throws {@link UnsupportedMath} for a character that begins none. */
export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  while (pattern.lastIndex < expression.trimEnd().length) {
    const rest = expression.slice(pattern.lastIndex);
    const at = pattern.lastIndex + rest.search(/\S/);
    const match = pattern.exec(expression);
    if (match === null) throw unsupported(expression, `"${expression.slice(at)}" is not evaluated in the sandbox`);
    const [, number, double, single, word, mark] = match;
    if (number !== undefined) tokens.push({ kind: 'number', value: number, at });
    else if (word !== undefined) tokens.push({ kind: 'word', value: word, at });
    else if (mark !== undefined) tokens.push({ kind: 'mark', value: mark, at });
    else tokens.push({ kind: 'text', value: double ?? single ?? '', at });
  }
  return [...tokens, { kind: 'end', value: 'the end', at: expression.length }];
}

/** The error of an expression. */
export function unsupported(expression: string, problem: string): UnsupportedMath {
  return new UnsupportedMath(`metric math "${expression}": ${problem}`);
}
