import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { until } from './until.ts';
import { World } from './world.ts';

const SWEEPER = 'self-healing-sweep-incidents';
const MISSING = 'self-healing-missing-sweeps';

describe('the system, watched by alarms that it has no part in', () => {
  let world: World;
  const stateOf = async (AlarmName: string) => {
    const { MetricAlarms } = await world.aws.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }));
    return MetricAlarms?.[0]?.StateValue;
  };
  /** The alarm's message to people. */
  const told = async (state: string, alarmName: string) => {
    const subject = `${state}: "${alarmName}" in us-east-1`;
    const message = await world.sandbox.subscriber.waitFor((one) => one.subject === subject, 90);
    if (message === undefined) throw new Error(`nobody was told ${subject}`);
    return JSON.parse(message.text);
  };
  beforeAll(async () => {
    world = await World.start({ speed: 60 });
  });
  afterAll(() => world.stop());

  test('an event that nobody took is told within minutes, with the queue that holds it', async () => {
    const [arn = '', url = ''] =
      [...world.sandbox.deployed.queueUrls].find(([one]) => /OpenIncident\w*DeadLetters/i.test(one)) ?? [];
    await world.aws.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: '{}' }));
    const { Trigger, NewStateReason } = await told('ALARM', 'self-healing-open-incident-dead-letters');
    expect(Trigger).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ name: 'QueueName', value: arn.split(':').at(-1) }],
    });
    expect(NewStateReason).toContain('[1.0 (');
  });

  test('sweeps that are killed are missed, and their function seen failing; once they run again all is well', async () => {
    // its warm-up ends when the sweeps have filled its window
    await until(`${MISSING} is OK`, async () => (await stateOf(MISSING)) === 'OK');
    const { faults } = world.sandbox.lambda;
    faults.onInvocation = ({ functionName }) => {
      if (functionName === SWEEPER) setImmediate(() => void world.sandbox.lambda.killEnvironment(SWEEPER));
    };
    const { NewStateReason } = await told('ALARM', MISSING);
    expect(NewStateReason).toBe(
      'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching].',
    );
    await told('ALARM', `${SWEEPER}-failures`);
    delete faults.onInvocation;
    await told('OK', MISSING);
    await told('OK', `${SWEEPER}-failures`);
  });
});
