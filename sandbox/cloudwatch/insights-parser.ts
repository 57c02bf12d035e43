import type { Statistic } from './statistics.ts';
import { Unsupported } from './unsupported.ts';

/** A Metrics Insights query, understood. */
export interface InsightsQuery {
  readonly statistic: Statistic;
  readonly metric: string;
  readonly namespace: string;
  /** The exact set of dimension names that SCHEMA asks for; absent where the query names a namespace only. */
  readonly schema?: readonly string[];
  readonly where: readonly { readonly label: string; readonly equal: boolean; readonly value: string }[];
  readonly groupBy: readonly string[];
  readonly orderBy?: { readonly statistic: Statistic; readonly descending: boolean };
  /** At most 500, which is also what a query without LIMIT returns. */
  readonly limit: number;
}

/** A Metrics Insights query that is wrong, or that the sandbox does not understand; the message says where. */
export class UnsupportedQuery extends Unsupported {}

const FUNCTIONS: Readonly<Record<string, Statistic>> = {
  AVG: 'Average',
  SUM: 'Sum',
  MIN: 'Minimum',
  MAX: 'Maximum',
  COUNT: 'SampleCount',
};
const MOST_SERIES = 500;
const TOKEN = /\s*(?:([A-Za-z_][A-Za-z0-9_.]*)|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\d+)|(!=|[=(),]))/y;

interface Token {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'mark' | 'end';
  readonly value: string;
  readonly at: number;
}

/** Reads a query; throws {@link UnsupportedQuery}. */
export function parseInsights(query: string): InsightsQuery {
  const tokens = new Tokens(query);
  tokens.keyword('SELECT');
  const statistic = tokens.function();
  tokens.mark('(');
  const metric = tokens.label();
  tokens.mark(')');
  tokens.keyword('FROM');
  const source = tokens.source();
  const where = tokens.hasKeyword('WHERE') ? tokens.listOf('AND', () => tokens.condition()) : [];
  const groupBy = tokens.hasKeyword('GROUP') ? tokens.grouping() : [];
  const orderBy = tokens.hasKeyword('ORDER') ? tokens.ordering() : undefined;
  const limit = tokens.hasKeyword('LIMIT') ? tokens.limit() : MOST_SERIES;
  tokens.end();
  return { statistic, metric, ...source, where, groupBy, ...(orderBy === undefined ? {} : { orderBy }), limit };
}

class Tokens {
  readonly #tokens: Token[];
  #next = 0;

  constructor(query: string) {
    this.#tokens = tokenize(query);
  }

  hasKeyword(word: string): boolean {
    const token = this.#peek();
    const found = token.kind === 'word' && token.value.toUpperCase() === word;
    if (found) this.#next += 1;
    return found;
  }

  keyword(word: string): void {
    if (!this.hasKeyword(word)) this.#refuse(word);
  }

  mark(mark: string): void {
    if (!this.#hasMark(mark)) this.#refuse(`"${mark}"`);
  }

  function(): Statistic {
    const token = this.#peek();
    const statistic = token.kind === 'word' ? FUNCTIONS[token.value.toUpperCase()] : undefined;
    if (statistic === undefined) return this.#refuse('AVG, COUNT, MAX, MIN or SUM');
    this.#next += 1;
    return statistic;
  }

  /** A metric name, namespace or dimension name: bare or in double quotes. */
  label(): string {
    const token = this.#peek();
    if (token.kind === 'word' && token.value.includes('.')) {
      throw new UnsupportedQuery(`metrics insights query: "${token.value}": the sandbox knows no tags and no accounts`);
    }
    if (token.kind !== 'word' && token.kind !== 'name') return this.#refuse('a name');
    this.#next += 1;
    return token.value;
  }

  source(): Pick<InsightsQuery, 'namespace' | 'schema'> {
    if (!this.hasKeyword('SCHEMA')) return { namespace: this.label() };
    this.mark('(');
    const [namespace = '', ...schema] = this.#commaSeparated();
    this.mark(')');
    return { namespace, schema };
  }

  condition(): InsightsQuery['where'][number] {
    const label = this.label();
    const equal = this.#hasMark('=');
    if (!equal) this.mark('!=');
    const token = this.#peek();
    if (token.kind !== 'text') return this.#refuse('a value in single quotes');
    this.#next += 1;
    return { label, equal, value: token.value };
  }

  grouping(): string[] {
    this.keyword('BY');
    return this.#commaSeparated();
  }

  ordering(): NonNullable<InsightsQuery['orderBy']> {
    this.keyword('BY');
    const statistic = this.function();
    this.mark('(');
    this.mark(')');
    const descending = this.hasKeyword('DESC');
    if (!descending) this.hasKeyword('ASC');
    return { statistic, descending };
  }

  limit(): number {
    const token = this.#peek();
    const limit = Number(token.value);
    if (token.kind !== 'number' || limit < 1 || limit > MOST_SERIES) {
      return this.#refuse(`a number from 1 to ${MOST_SERIES}`);
    }
    this.#next += 1;
    return limit;
  }

  end(): void {
    if (this.#peek().kind !== 'end') this.#refuse('WHERE, GROUP BY, ORDER BY, LIMIT, in this order, or the end');
  }

  listOf<Item>(separator: string, item: () => Item): Item[] {
    const items = [item()];
    while (this.hasKeyword(separator)) items.push(item());
    return items;
  }

  #commaSeparated(): string[] {
    const labels = [this.label()];
    while (this.#hasMark(',')) labels.push(this.label());
    return labels;
  }

  #hasMark(mark: string): boolean {
    const token = this.#peek();
    const found = token.kind === 'mark' && token.value === mark;
    if (found) this.#next += 1;
    return found;
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', value: '', at: 0 };
  }

  #refuse(expected: string): never {
    const { kind, value, at } = this.#peek();
    const got = kind === 'end' ? 'the end' : `"${value}" at character ${at}`;
    throw new UnsupportedQuery(`metrics insights query: expected ${expected}, got ${got}`);
  }
}

function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  const text = query.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(text);
    if (found === null) {
      throw new UnsupportedQuery(
        `metrics insights query: "${text.slice(at).trim()[0]}" at character ${at} is not allowed`,
      );
    }
    const [, word, name, value, number, mark] = found;
    const start = at + (/^\s*/.exec(text.slice(at))?.[0].length ?? 0);
    if (word !== undefined) tokens.push({ kind: 'word', value: word, at: start });
    else if (name !== undefined) tokens.push({ kind: 'name', value: unescape(name), at: start });
    else if (value !== undefined) tokens.push({ kind: 'text', value: unescape(value), at: start });
    else if (number !== undefined) tokens.push({ kind: 'number', value: number, at: start });
    else tokens.push({ kind: 'mark', value: mark ?? '', at: start });
  }
  return tokens;
}

function unescape(quoted: string): string {
  return quoted.replace(/\\(.)/g, '$1');
}
