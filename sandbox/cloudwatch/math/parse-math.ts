import { type Token, tokenize, unsupported, type UnsupportedMath } from './tokens.ts';

export type Operator = '+' | '-' | '*' | '/' | '^';
/** Functions that make one time series out of several. */
export type Gathering = 'SUM' | 'AVG' | 'MIN' | 'MAX';

/** A metric math expression, understood. */
export type MathNode =
  | { readonly kind: 'number'; readonly value: number }
  /** A metric or another expression, by its `Id`. */
  | { readonly kind: 'id'; readonly id: string }
  /** METRICS(): every metric whose `Id` contains this, which may be empty. */
  | { readonly kind: 'metrics'; readonly containing: string }
  | { readonly kind: 'list'; readonly items: readonly MathNode[] }
  | { readonly kind: 'negative'; readonly of: MathNode }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly left: MathNode; readonly right: MathNode }
  | { readonly kind: 'gather'; readonly gathering: Gathering; readonly of: MathNode }
  | { readonly kind: 'fill'; readonly of: MathNode; readonly filler: number | 'REPEAT' };

/** Reads an expression; throws {@link UnsupportedMath} for functions and operators beyond {@link MathNode}. */
export function parseMath(expression: string): MathNode {
  const reader = new Reader(expression);
  const node = reader.sum();
  reader.end();
  return node;
}

class Reader {
  readonly #expression: string;
  readonly #tokens: Token[];
  #next = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#tokens = tokenize(expression);
  }

  sum(): MathNode {
    return this.#chain(['+', '-'], () => this.#chain(['*', '/'], () => this.#power()));
  }

  end(): void {
    if (this.#peek().kind !== 'end') throw this.#unexpected('an operator or the end');
  }

  #chain(operators: readonly Operator[], operand: () => MathNode): MathNode {
    let left = operand();
    for (;;) {
      const operator = operators.find((one) => this.#takes(one));
      if (operator === undefined) return left;
      left = { kind: 'operation', operator, left, right: operand() };
    }
  }

  #power(): MathNode {
    if (this.#takes('-')) return { kind: 'negative', of: this.#power() };
    const left = this.#operand();
    return this.#takes('^') ? { kind: 'operation', operator: '^', left, right: this.#power() } : left;
  }

  #operand(): MathNode {
    if (this.#takes('(')) return this.#closed(')', this.sum());
    if (this.#takes('[')) return this.#closed(']', { kind: 'list', items: this.#items() });
    const token = this.#peek();
    if (token.kind === 'number') return { kind: 'number', value: this.#number() };
    if (token.kind !== 'word') throw this.#unexpected('a number, an Id, a function, ( or [');
    this.#next += 1;
    return this.#takes('(') ? this.#closed(')', this.#call(token.value)) : { kind: 'id', id: token.value };
  }

  #call(name: string): MathNode {
    switch (name) {
      case 'METRICS': {
        const token = this.#peek();
        if (token.kind === 'text') this.#next += 1;
        return { kind: 'metrics', containing: token.kind === 'text' ? token.value : '' };
      }
      case 'SUM':
      case 'AVG':
      case 'MIN':
      case 'MAX':
        return { kind: 'gather', gathering: name, of: this.sum() };
      case 'FILL': {
        const of = this.sum();
        this.#mark(',');
        return { kind: 'fill', of, filler: this.#filler() };
      }
      default:
        throw unsupported(
          this.#expression,
          `${name} is not evaluated in the sandbox; it knows SUM, AVG, MIN, MAX, FILL and METRICS`,
        );
    }
  }

  #filler(): number | 'REPEAT' {
    const sign = this.#takes('-') ? -1 : 1;
    if (this.#peek().kind === 'number') return sign * this.#number();
    if (this.#peek().value !== 'REPEAT') throw this.#unexpected('a number or REPEAT');
    this.#next += 1;
    return 'REPEAT';
  }

  #items(): MathNode[] {
    const items = [this.sum()];
    while (this.#takes(',')) items.push(this.sum());
    return items;
  }

  #number(): number {
    const { value } = this.#peek();
    this.#next += 1;
    return Number(value);
  }

  #closed(mark: string, node: MathNode): MathNode {
    this.#mark(mark);
    return node;
  }

  #mark(mark: string): void {
    if (!this.#takes(mark)) throw this.#unexpected(mark);
  }

  #takes(mark: string): boolean {
    const { kind, value } = this.#peek();
    if (kind !== 'mark' || value !== mark) return false;
    this.#next += 1;
    return true;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', value: 'the end', at: this.#expression.length };
  }

  #unexpected(expected: string): UnsupportedMath {
    const { kind, value, at } = this.#peek();
    const got = kind === 'end' ? value : `"${value}" at character ${at}`;
    return unsupported(this.#expression, `expected ${expected}, got ${got}`);
  }
}
