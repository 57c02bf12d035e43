import { type AlarmInput, OPENER, Stage, TOPIC } from './stage.ts';

// "Alarm Mute Rules": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules.html
// "Muting Alarm Actions", last section of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
// "DeleteAlarmMuteRule": https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarmMuteRule.html

const fleet: AlarmInput = {
  AlarmName: 'fleet',
  Metrics: [{ Id: 'q', Expression: 'SELECT MAX(disk) FROM n GROUP BY InstanceId', Period: 60 }],
  EvaluationPeriods: 1,
  Threshold: 90,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  AlarmActions: [OPENER, TOPIC],
  OKActions: [TOPIC],
};
const at = (time: string): string => `2026-11-23T${time}Z`;

/** Muted from 10:00 to 10:30. */
async function muted(): Promise<Stage> {
  const stage = new Stage(at('09:50:00'));
  await stage.putAlarm(fleet);
  await stage.mute('maintenance', 'at(2026-11-23T10:00)', 'PT30M');
  return stage;
}

// "CloudWatch mutes those actions from executing"; "alarms continue to be evaluated and state changes are visible"; "Muting
// an alarm does not stop CloudWatch from sending alarm events [...] to Amazon EventBridge."
test('in the window no action is carried out, the state changes, and EventBridge is told who mutes', async () => {
  const stage = await muted();
  stage.put(at('10:00:30'), 95);
  expect(await stage.evaluateAt(at('10:01:10'))).toEqual([
    'EventBridge i-1 ALARM muted',
    'EventBridge alarm ALARM muted',
  ]);
  expect(stage.stateOf('fleet')).toBe('ALARM');
  // `muteDetail` as in "Alarm events and EventBridge"
  expect(stage.details()[0]?.muteDetail).toEqual({
    mutedByArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:maintenance',
    muteWindowStart: '2026-11-23T10:00:00.000+0000',
    muteWindowEnd: '2026-11-23T10:30:00.000+0000',
  });
});

test('before the window, and after it, actions are carried out', async () => {
  const stage = await muted();
  stage.put(at('09:58:30'), 95);
  expect(await stage.evaluateAt(at('09:59:10'))).toEqual([
    'Lambda i-1 ALARM',
    'SNS i-1 ALARM',
    'EventBridge i-1 ALARM',
    'EventBridge alarm ALARM',
  ]);
  stage.put(at('10:30:30'), 10);
  expect(await stage.evaluateAt(at('10:31:10'))).toEqual(['SNS i-1 OK', 'EventBridge i-1 OK', 'EventBridge alarm OK']);
});

describe('"When a mute window ends, if the targeted alarm(s) remains in an alarming state (OK/ALARM/INSUFFICIENT_DATA)"', () => {
  // "CloudWatch automatically re-triggers the alarm actions that were muted during the window"
  test('the muted actions are carried out, once, and EventBridge is not told again', async () => {
    const stage = await muted();
    for (const minute of ['00', '28', '29', '30']) stage.put(at(`10:${minute}:30`), 95);
    await stage.evaluateAt(at('10:01:10'));
    expect(await stage.evaluateAt(at('10:29:10'))).toEqual([]);
    expect(await stage.evaluateAt(at('10:30:10'))).toEqual(['Lambda i-1 ALARM', 'SNS i-1 ALARM']);
    expect(await stage.evaluateAt(at('10:31:10'))).toEqual([]);
  });

  test('each contributor that is still in its state acts by itself', async () => {
    const stage = await muted();
    for (const minute of ['00', '01', '28', '29']) stage.put(at(`10:${minute}:30`), 95, 'i-1');
    for (const minute of ['01', '28', '29']) stage.put(at(`10:${minute}:30`), 96, 'i-2');
    await stage.evaluateAt(at('10:01:10'));
    await stage.evaluateAt(at('10:02:10'));
    await stage.evaluateAt(at('10:29:10'));
    expect(await stage.evaluateAt(at('10:30:10'))).toEqual([
      'Lambda i-1 ALARM',
      'SNS i-1 ALARM',
      'Lambda i-2 ALARM',
      'SNS i-2 ALARM',
    ]);
  });

  test('what went OK within the window acts for OK only', async () => {
    const stage = await muted();
    stage.put(at('10:00:30'), 95);
    await stage.evaluateAt(at('10:01:10'));
    for (const minute of ['10', '29']) stage.put(at(`10:${minute}:30`), 10);
    await stage.evaluateAt(at('10:11:10'));
    expect(await stage.evaluateAt(at('10:30:10'))).toEqual(['SNS i-1 OK']);
  });

  test('what goes OK with the first evaluation after the window acts for OK only', async () => {
    const stage = await muted();
    stage.put(at('10:00:30'), 95);
    await stage.evaluateAt(at('10:01:10'));
    stage.put(at('10:29:30'), 10);
    expect(await stage.evaluateAt(at('10:30:10'))).toEqual([
      'SNS i-1 OK',
      'EventBridge i-1 OK',
      'EventBridge alarm OK',
    ]);
  });

  test('what changed before the window is not carried out again', async () => {
    const stage = await muted();
    for (const time of ['09:58:30', '10:29:30']) stage.put(at(time), 95);
    await stage.evaluateAt(at('09:59:10'));
    expect(await stage.evaluateAt(at('10:30:10'))).toEqual([]);
  });

  test('an alarm that is deleted in the window does nothing at its end', async () => {
    const stage = await muted();
    stage.put(at('10:00:30'), 95);
    await stage.evaluateAt(at('10:01:10'));
    await stage.alarms.deleted(['fleet']);
    await stage.putAlarm(fleet);
    expect(await stage.evaluateAt(at('10:30:10'))).toEqual([]);
  });
});

// "The EnableAlarmActions API does not unmute alarms": the two are apart; off is off also after the window
test('actions that are disabled stay so when the window ends', async () => {
  const stage = await muted();
  for (const minute of ['00', '29']) stage.put(at(`10:${minute}:30`), 95);
  await stage.putAlarm({ ...fleet, ActionsEnabled: false });
  await stage.evaluateAt(at('10:01:10'));
  expect(await stage.evaluateAt(at('10:30:10'))).toEqual([]);
});

// "When you delete a mute rule, any alarms that are currently being muted by that rule are immediately unmuted. If those
// alarms are in an ALARM state, their configured actions will trigger."
test('deleting the rule carries out at once what it muted', async () => {
  const stage = await muted();
  stage.put(at('10:00:30'), 95);
  await stage.evaluateAt(at('10:01:10'));
  expect(await stage.unmute('maintenance')).toEqual(['Lambda i-1 ALARM', 'SNS i-1 ALARM']);
});

test('an alarm that a second rule mutes stays muted when the first ends', async () => {
  const stage = await muted();
  await stage.mute('longer', 'cron(0 10 * * *)', 'PT1H');
  for (const time of ['10:00:30', '10:29:30', '10:59:30']) stage.put(at(time), 95);
  await stage.evaluateAt(at('10:01:10'));
  expect(await stage.evaluateAt(at('10:30:10'))).toEqual([]);
  expect(await stage.unmute('maintenance')).toEqual([]);
  expect(await stage.evaluateAt(at('11:00:10'))).toEqual(['Lambda i-1 ALARM', 'SNS i-1 ALARM']);
});

// "end timestamps prevent rules from being applied beyond the specified date and time"
test('a rule that expires within its window mutes no longer', async () => {
  const stage = new Stage(at('09:50:00'));
  await stage.putAlarm(fleet);
  await stage.mute('maintenance', 'at(2026-11-23T10:00)', 'PT30M', { expireAt: at('10:05:00') });
  for (const time of ['10:00:30', '10:04:30']) stage.put(at(time), 95);
  await stage.evaluateAt(at('10:01:10'));
  expect(await stage.evaluateAt(at('10:05:10'))).toEqual(['Lambda i-1 ALARM', 'SNS i-1 ALARM']);
});

test('an alarm that no rule targets is not muted', async () => {
  const stage = await muted();
  await stage.putAlarm({ ...fleet, AlarmName: 'other' });
  stage.put(at('10:00:30'), 95);
  expect(await stage.evaluateAt(at('10:01:10'))).toContain('Lambda i-1 ALARM');
});
