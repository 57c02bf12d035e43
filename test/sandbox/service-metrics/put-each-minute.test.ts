import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { MetricStore } from '../../../sandbox/cloudwatch/store.ts';
import { StatusChecks } from '../../../sandbox/ec2/status-checks.ts';
import { putEachMinute } from '../../../sandbox/service-metrics/put-each-minute.ts';

const DEAD = 'http://127.0.0.1:1/123456789012/dead';
const sqs = mockClient(SQSClient);
const problems: string[] = [];
let store: MetricStore;
let minute: () => void;
let nowMillis: number;
let end: () => void;

beforeEach(() => {
  sqs.reset();
  sqs.on(ListQueuesCommand).resolves({ QueueUrls: [DEAD] });
  problems.length = 0;
  store = new MetricStore();
  nowMillis = 0;
  const executions = [
    {
      arn: 'arn',
      name: 'run',
      functionName: 'remediate',
      status: 'FAILED',
      startedAtMillis: 0,
      endedAtMillis: 30_000,
      operations: 1,
      invocations: 1,
    },
  ];
  end = putEachMinute({
    clock: {
      nowMillis: () => nowMillis,
      every: (_seconds, call) => {
        minute = call;
        return () => {};
      },
    },
    store,
    sqs: new SQSClient({ region: 'us-east-1' }),
    lambda: { executions: () => executions },
    checks: new StatusChecks(() => nowMillis),
    running: () => [],
    onProblem: (problem) => problems.push(problem),
  });
});

/** What passes in a minute of the clock. */
async function passMinute(): Promise<void> {
  nowMillis += 60_000;
  minute();
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}

// "To monitor the state of a DLQ, use the ApproximateNumberOfMessagesVisible metric."
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
test('each minute every queue has its messages counted, by the name of the queue', async () => {
  sqs
    .on(GetQueueAttributesCommand, { QueueUrl: DEAD })
    .resolvesOnce({ Attributes: { ApproximateNumberOfMessages: '3', ApproximateNumberOfMessagesNotVisible: '1' } })
    .resolves({ Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' } });
  await passMinute();
  await passMinute();
  const points = (metric: string) =>
    store.find('AWS/SQS', metric, { QueueName: 'dead' })?.points.map(({ atMillis, max }) => [atMillis, max]);
  expect(points('ApproximateNumberOfMessagesVisible')).toEqual([
    [60_000, 3],
    [120_000, 0],
  ]);
  expect(points('ApproximateNumberOfMessagesNotVisible')).toEqual([
    [60_000, 1],
    [120_000, 0],
  ]);
});

test('an execution that failed is counted once', async () => {
  sqs.on(GetQueueAttributesCommand).resolves({});
  await passMinute();
  await passMinute();
  const failed = store.find('AWS/Lambda', 'DurableExecutionFailed', { FunctionName: 'remediate' });
  expect(failed?.points.map(({ sum }) => sum)).toEqual([1]);
});

test('queues that do not answer are told, unless all is over', async () => {
  sqs.on(GetQueueAttributesCommand).rejects(new Error('gone'));
  await passMinute();
  expect(problems).toEqual(['metrics of the queues: Error: gone']);
  end();
  await passMinute();
  expect(problems).toHaveLength(1);
});
