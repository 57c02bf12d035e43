import type { MathNode } from './parse-math.ts';
import { UnsupportedMath } from './tokens.ts';
import { allOf, eachSeries, fill, gather, operate, type Series, type Value } from './values.ts';

/** The metrics and expressions that an expression may refer to. */
export interface MathScope {
  /** Values of each metric, by `Id`. */
  readonly metrics: ReadonlyMap<string, Series>;
  readonly expressions: ReadonlyMap<string, MathNode>;
}

/** The one time series that the expression `id` makes; throws {@link UnsupportedMath} where it makes none, or several. */
export function runMath(id: string, scope: MathScope): Series {
  const value = lookUp(id, scope, []);
  if (value.kind === 'series') return value.values;
  const what = value.kind === 'scalar' ? 'a number' : 'several time series';
  throw new UnsupportedMath(`metric math ${id} makes ${what}, an alarm watches one time series`);
}

function lookUp(id: string, scope: MathScope, within: readonly string[]): Value {
  const values = scope.metrics.get(id);
  if (values !== undefined) return { kind: 'series', values };
  const node = scope.expressions.get(id);
  if (node === undefined) throw new UnsupportedMath(`metric math refers to ${id}, which is no Id of the alarm`);
  if (within.includes(id)) throw new UnsupportedMath(`metric math ${id} refers to itself`);
  return valueOf(node, scope, [...within, id]);
}

function valueOf(node: MathNode, scope: MathScope, within: readonly string[]): Value {
  switch (node.kind) {
    case 'number':
      return { kind: 'scalar', value: node.value };
    case 'id':
      return lookUp(node.id, scope, within);
    case 'metrics':
      return {
        kind: 'array',
        all: [...scope.metrics].filter(([id]) => id.includes(node.containing)).map(([, values]) => values),
      };
    case 'list':
      return { kind: 'array', all: node.items.flatMap((item) => allOf(valueOf(item, scope, within))) };
    case 'negative':
      return operate('*', { kind: 'scalar', value: -1 }, valueOf(node.of, scope, within));
    case 'operation':
      return operate(node.operator, valueOf(node.left, scope, within), valueOf(node.right, scope, within));
    case 'gather':
      return gather(node.gathering, valueOf(node.of, scope, within));
    case 'fill':
      return eachSeries(valueOf(node.of, scope, within), (values) => fill(values, node.filler));
  }
}
