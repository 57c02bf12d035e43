import { readWarmUp } from '../../../../sandbox/cloudwatch/warm-up.ts';
import { type AlarmInput, Stage, TOPIC } from './stage.ts';

// "Alarm warm-up periods": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
// "WarmUpConfiguration": https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_WarmUpConfiguration.html

const settings: AlarmInput = {
  AlarmName: 'new',
  Namespace: 'n',
  MetricName: 'disk',
  Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }],
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 90,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'breaching',
  AlarmActions: [TOPIC],
};
const minutes = (WarmUpPeriodDurationInMinutes: number, whole?: boolean) => ({
  WarmUpConfiguration: {
    WarmUpPeriodDurationInMinutes,
    ...(whole === undefined ? {} : { OnlyStartEvaluatingAfterWarmUpPeriodEnds: whole }),
  },
});
const at = (time: string): string => `2026-11-23T${time}Z`;

async function created(more: object): Promise<Stage> {
  const stage = new Stage(at('10:00:00'));
  await stage.putAlarm({ ...settings, ...more });
  return stage;
}

// "Without a warm-up period, the alarm can transition and run actions on missing data during startup"
test('without a warm-up, missing data that breach are an alarm at once', async () => {
  const stage = await created({});
  expect(await stage.evaluateAt(at('10:01:10'))).toEqual(['SNS alarm ALARM', 'EventBridge alarm ALARM']);
});

// "During warm-up, the alarm stays in INSUFFICIENT_DATA and does not perform alarm actions."
test('during warm-up it stays INSUFFICIENT_DATA and does nothing; afterwards it evaluates', async () => {
  const stage = await created(minutes(30));
  for (const time of ['10:01:10', '10:15:10', '10:29:10']) {
    expect(await stage.evaluateAt(at(time))).toEqual([]);
    expect(stage.stateOf('new')).toBe('INSUFFICIENT_DATA');
  }
  expect(await stage.evaluateAt(at('10:30:10'))).toEqual(['SNS alarm ALARM', 'EventBridge alarm ALARM']);
});

// "an alarm with a 5-minute period and 3 evaluation periods has a 15-minute evaluation window. Suppose that you create this
// alarm at 10:00 and the resource starts to publish at 10:04. The alarm stays in INSUFFICIENT_DATA until a full 15-minute
// window is available. This happens at about 10:19, and then the alarm begins to evaluate. The Datapoints to Alarm setting
// does not affect when warm-up ends."
test.each([1, 3])('the example: created at 10:00, data from 10:04, evaluates at 10:19; %d of 3', async (needed) => {
  const window = { Period: 300, EvaluationPeriods: 3, DatapointsToAlarm: needed };
  const stage = await created({ ...window, ...minutes(60) });
  for (let minute = 4; minute <= 20; minute += 1) stage.put(at(`10:${String(minute).padStart(2, '0')}:00`), 10);
  await stage.evaluateAt(at('10:18:10'));
  expect(stage.stateOf('new')).toBe('INSUFFICIENT_DATA');
  await stage.evaluateAt(at('10:19:10'));
  expect(stage.stateOf('new')).toBe('OK');
});

// "[the window] is full when a datapoint exists for the most recent period"
test('data that stopped do not fill the window', async () => {
  const stage = await created({ ...minutes(60), Period: 300, TreatMissingData: 'missing' });
  stage.put(at('10:01:00'), 99);
  await stage.evaluateAt(at('10:08:10'));
  expect(stage.stateOf('new')).toBe('INSUFFICIENT_DATA');
  stage.put(at('10:08:00'), 99);
  await stage.evaluateAt(at('10:09:10'));
  expect(stage.stateOf('new')).toBe('ALARM');
});

// "When set to true, the alarm waits the full warm-up duration before it evaluates, even if data arrives sooner."
test.each([
  [true, 'INSUFFICIENT_DATA'],
  [false, 'ALARM'],
])('OnlyStartEvaluatingAfterWarmUpPeriodEnds %s: with early data it is %s', async (whole, state) => {
  const stage = await created(minutes(10, whole));
  for (const minute of ['00', '01', '02']) stage.put(at(`10:${minute}:30`), 99);
  await stage.evaluateAt(at('10:03:10'));
  expect(stage.stateOf('new')).toBe(state);
  stage.put(at('10:09:30'), 99);
  await stage.evaluateAt(at('10:10:10'));
  expect(stage.stateOf('new')).toBe('ALARM');
});

// "You can change the warm-up configuration while the alarm is still in its warm-up period. You can also end warm-up early"
test('an update during warm-up makes it longer, shorter, or ends it', async () => {
  const longer = await created(minutes(5));
  await longer.putAlarm({ ...settings, ...minutes(45) });
  await longer.evaluateAt(at('10:06:10'));
  expect(longer.stateOf('new')).toBe('INSUFFICIENT_DATA');

  const shorter = await created(minutes(45));
  await shorter.putAlarm({ ...settings, ...minutes(5) });
  await shorter.evaluateAt(at('10:05:10'));
  expect(shorter.stateOf('new')).toBe('ALARM');

  const ended = await created(minutes(45));
  await ended.putAlarm(settings);
  await ended.evaluateAt(at('10:01:10'));
  expect(ended.stateOf('new')).toBe('ALARM');
});

// "Warm-up applies only once at alarm creation and does not restart"; "After the warm-up period ends [...] the update does
// not start a new warm-up period. The alarm continues to evaluate normally."
test('after its end an update starts no other, nor do data that stop', async () => {
  const stage = await created(minutes(30));
  for (const minute of ['00', '01']) stage.put(at(`10:${minute}:30`), 10);
  await stage.evaluateAt(at('10:02:10'));
  expect(stage.stateOf('new')).toBe('OK');
  await stage.putAlarm({ ...settings, ...minutes(2880) });
  expect(await stage.evaluateAt(at('10:09:10'))).toEqual(['SNS alarm ALARM', 'EventBridge alarm ALARM']);
});

test('an alarm that is deleted and made again warms up again', async () => {
  const stage = await created(minutes(5));
  await stage.evaluateAt(at('10:06:10'));
  expect(stage.stateOf('new')).toBe('ALARM');
  await stage.alarms.deleted(['new']);
  await stage.putAlarm({ ...settings, ...minutes(5) });
  await stage.evaluateAt(at('10:07:10'));
  expect(stage.stateOf('new')).toBe('INSUFFICIENT_DATA');
});

// "Warm-up periods work with metric alarms": also with those on queries and metric math
test.each([
  ['a query', [{ Id: 'q', Expression: 'SELECT MAX(disk) FROM n GROUP BY InstanceId', Period: 60 }]],
  [
    'metric math',
    [
      { Id: 'e', Expression: 'm1 * 1', ReturnData: true },
      {
        Id: 'm1',
        ReturnData: false,
        MetricStat: {
          Metric: {
            Namespace: 'n',
            MetricName: 'disk',
            Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }],
          },
          Period: 60,
          Stat: 'Average',
        },
      },
    ],
  ],
])('an alarm on %s warms up until its window is full', async (_name, Metrics) => {
  const { AlarmName, Threshold, ComparisonOperator, EvaluationPeriods } = settings;
  const stage = new Stage(at('10:00:00'));
  await stage.putAlarm({ AlarmName, Threshold, ComparisonOperator, EvaluationPeriods, Metrics, ...minutes(30) });
  stage.put(at('10:01:30'), 99);
  await stage.evaluateAt(at('10:02:10'));
  expect(stage.stateOf('new')).toBe('INSUFFICIENT_DATA');
  stage.put(at('10:02:30'), 99);
  await stage.evaluateAt(at('10:03:10'));
  expect(stage.stateOf('new')).toBe('ALARM');
});

// "Specify a value from 1 to 2,880 minutes (2 days)."
test.each([0, 2881, 'x'])('a warm-up of %p minutes is refused', (WarmUpPeriodDurationInMinutes) => {
  expect(() => readWarmUp({ WarmUpConfiguration: { WarmUpPeriodDurationInMinutes } })).toThrow(
    'WarmUpPeriodDurationInMinutes: allowed are 1 to 2880',
  );
});
