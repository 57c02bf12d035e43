import { metricLine, type SelfMetrics } from '../core/self-metrics.ts';

/** Puts metrics by way of the log; past `console`, before whose lines Lambda writes a time and a request id. */
export function emitMetrics(stack: string, metrics: SelfMetrics, nowMillis: number): void {
  process.stdout.write(`${metricLine(stack, metrics, nowMillis)}\n`);
}
