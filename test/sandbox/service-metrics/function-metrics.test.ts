import { executionMetrics, invocationMetrics } from '../../../sandbox/service-metrics/function-metrics.ts';

// "Types of metrics for Lambda functions": https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
// "Monitoring durable functions": https://docs.aws.amazon.com/lambda/latest/dg/durable-monitoring.html

const end = { functionName: 'sweep', startedAtMillis: 1000, became: 'returned' } as const;
const counts = (became: 'returned' | 'failed' | 'throttled') =>
  Object.fromEntries(
    invocationMetrics({ ...end, became })
      .filter(({ dimensions }) => dimensions['FunctionName'] === 'sweep')
      .map(({ metric, sum }) => [metric, sum]),
  );

// "Throttled requests and other invocation errors don't count as either Invocations or Errors."
test.each([
  ['returned', { Throttles: 0, Invocations: 1, Errors: 0 }],
  ['failed', { Throttles: 0, Invocations: 1, Errors: 1 }],
  ['throttled', { Throttles: 1 }],
] as const)('an invocation that %s', (became, expected) => {
  expect(counts(became)).toEqual(expected);
});

// "By Function Name", "By Resource", "Across All Functions":
// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-view.html
test('is counted for its function, for its alias, and across all, at the time when it was invoked', () => {
  const data = invocationMetrics({ ...end, qualifier: 'live' }).filter(({ metric }) => metric === 'Invocations');
  expect(data.map(({ dimensions }) => dimensions)).toEqual([
    { FunctionName: 'sweep' },
    { FunctionName: 'sweep', Resource: 'sweep:live' },
    {},
  ]);
  expect(data[0]).toEqual({
    namespace: 'AWS/Lambda',
    metric: 'Invocations',
    dimensions: { FunctionName: 'sweep' },
    unit: 'Count',
    atMillis: 1000,
    count: 1,
    sum: 1,
    min: 1,
    max: 1,
  });
});

test('executions are counted when they close, each once', () => {
  const closed = (status: string, endedAtMillis?: number) => ({
    arn: 'arn',
    name: 'run',
    functionName: 'remediate',
    status,
    startedAtMillis: 0,
    operations: 1,
    invocations: 1,
    ...(endedAtMillis === undefined ? {} : { endedAtMillis }),
  });
  const executions = [
    closed('RUNNING'),
    closed('SUCCEEDED', 60_000),
    closed('FAILED', 60_001),
    closed('TIMED_OUT', 90_000),
    closed('STOPPED', 120_000),
    closed('FAILED', 120_001),
  ];
  expect(
    executionMetrics(executions, 60_000, 120_000).map(({ metric, dimensions, atMillis }) => [
      metric,
      dimensions,
      atMillis,
    ]),
  ).toEqual([
    ['DurableExecutionFailed', { FunctionName: 'remediate' }, 60_001],
    ['DurableExecutionTimedOut', { FunctionName: 'remediate' }, 90_000],
    ['DurableExecutionStopped', { FunctionName: 'remediate' }, 120_000],
  ]);
});
