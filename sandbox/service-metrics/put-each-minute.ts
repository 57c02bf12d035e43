import type { SQSClient } from '@aws-sdk/client-sqs';
import type { MetricStore } from '../cloudwatch/store.ts';
import type { ScaledClock } from '../clock.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import { executionMetrics } from './function-metrics.ts';
import { queueMetrics } from './queue-metrics.ts';

/** Puts what AWS's services put each minute: of the queues, and of the executions that closed; the returned function ends it. */
export function putEachMinute(options: {
  readonly clock: Pick<ScaledClock, 'every' | 'nowMillis'>;
  readonly store: Pick<MetricStore, 'putAll'>;
  /** Calls the emulator itself: a service's own metrics are no client's calls. */
  readonly sqs: SQSClient;
  readonly lambda: Pick<LambdaService, 'executions'>;
  readonly onProblem: (problem: string) => void;
}): () => void {
  const { clock, store, sqs, lambda, onProblem } = options;
  let doneMillis = clock.nowMillis();
  let ended = false;
  const cancel = clock.every(60, () => {
    const nowMillis = clock.nowMillis();
    store.putAll(executionMetrics(lambda.executions(), doneMillis, nowMillis));
    doneMillis = nowMillis;
    queueMetrics(sqs, nowMillis).then(
      (data) => store.putAll(data),
      (error: unknown) => {
        if (!ended) onProblem(`metrics of the queues: ${String(error)}`);
      },
    );
  });
  return () => {
    ended = true;
    cancel();
  };
}
