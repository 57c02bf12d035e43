import type { SQSClient } from '@aws-sdk/client-sqs';
import type { MetricStore } from '../cloudwatch/store.ts';
import type { ScaledClock } from '../clock.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import type { StatusChecks } from '../ec2/status-checks.ts';
import { executionMetrics } from './function-metrics.ts';
import { queueMetrics } from './queue-metrics.ts';
import { statusMetrics } from './status-metrics.ts';

/** Puts what AWS's services put each minute: of the queues, of the executions that closed, of instances' status checks; the returned function ends it. */
export function putEachMinute(options: {
  readonly clock: Pick<ScaledClock, 'every' | 'nowMillis'>;
  readonly store: Pick<MetricStore, 'putAll'>;
  /** Calls the emulator itself: a service's own metrics are no client's calls. */
  readonly sqs: SQSClient;
  readonly lambda: Pick<LambdaService, 'executions'>;
  readonly checks: StatusChecks;
  /** Ids of the instances that run now. */
  readonly running: () => readonly string[];
  readonly onProblem: (problem: string) => void;
}): () => void {
  const { clock, store, sqs, lambda, checks, running, onProblem } = options;
  let doneMillis = clock.nowMillis();
  let ended = false;
  const cancel = clock.every(60, () => {
    const nowMillis = clock.nowMillis();
    store.putAll(executionMetrics(lambda.executions(), doneMillis, nowMillis));
    doneMillis = nowMillis;
    store.putAll(statusMetrics(running(), checks, nowMillis));
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
