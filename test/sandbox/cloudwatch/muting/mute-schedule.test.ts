import { readSchedule } from '../../../../sandbox/cloudwatch/muting/mute-schedule.ts';

// "Alarm Mute Rules": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules.html
// "Schedule": https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Schedule.html

const HOUR = 3_600_000;
const iso = (millis: number | undefined): string | undefined =>
  millis === undefined ? undefined : new Date(millis).toISOString().slice(0, 16);

/** The last window that began by a time: its start and its end. */
function windowBy(time: string, expression: string, duration: string, timezone?: string): (string | undefined)[] {
  const schedule = readSchedule(expression, duration, timezone);
  const start = schedule.latestStart(Date.parse(time));
  return [iso(start), iso(start === undefined ? undefined : start + schedule.durationMillis)];
}

describe('"Example schedules for common use cases"', () => {
  test.each([
    // "every Sunday from 2:00 AM to 6:00 AM"
    ['cron(0 2 * * SUN)', 'PT4H', '2026-11-24T12:00Z', ['2026-11-22T02:00', '2026-11-22T06:00']],
    // "the first day of each month from 1:00 AM to 7:00 AM"
    ['cron(0 1 1 * *)', 'PT6H', '2026-11-24T12:00Z', ['2026-11-01T01:00', '2026-11-01T07:00']],
    // "every weekend from Friday 6:00 PM to Monday 6:00 AM"
    ['cron(0 18 * * FRI)', 'P2DT12H', '2026-11-24T12:00Z', ['2026-11-20T18:00', '2026-11-23T06:00']],
    // "every day from 11:00 PM to 1:00 AM"
    ['cron(0 23 * * *)', 'PT2H', '2026-11-24T12:00Z', ['2026-11-23T23:00', '2026-11-24T01:00']],
    // "May 10, 2024 from 2:00 PM to 6:00 PM"
    ['at(2024-05-10T14:00)', 'PT4H', '2026-11-24T12:00Z', ['2024-05-10T14:00', '2024-05-10T18:00']],
    // "the entire week of December 23-29, 2024"
    ['at(2024-12-23T00:00)', 'P7D', '2026-11-24T12:00Z', ['2024-12-23T00:00', '2024-12-30T00:00']],
    // "cron(0 9 * * SUN#4) activates on the fourth Sunday of every month at 9:00 AM"
    ['cron(0 9 * * SUN#4)', 'PT1H', '2026-11-24T12:00Z', ['2026-11-22T09:00', '2026-11-22T10:00']],
    // PutAlarmMuteRule's examples
    ['cron(0 2 * * ?)', 'PT2H', '2026-11-24T12:00Z', ['2026-11-24T02:00', '2026-11-24T04:00']],
  ])('%s for %s', (expression, duration, time, window) => {
    expect(windowBy(time, expression, duration)).toEqual(window);
  });
});

test('a window begins with its minute', () => {
  expect(windowBy('2026-11-24T02:00Z', 'cron(0 2 * * *)', 'PT1H')[0]).toBe('2026-11-24T02:00');
  expect(windowBy('2026-11-24T01:59Z', 'cron(0 2 * * *)', 'PT1H')[0]).toBe('2026-11-23T02:00');
});

test('before its one window an "at" rule has none, after it no other', () => {
  const schedule = readSchedule('at(2026-11-24T10:00)', 'PT1H');
  expect(schedule.kind).toBe('ONE_TIME');
  expect(schedule.latestStart(Date.parse('2026-11-24T09:59Z'))).toBeUndefined();
  expect(iso(schedule.nextStart(Date.parse('2026-11-24T09:59Z')))).toBe('2026-11-24T10:00');
  expect(schedule.nextStart(Date.parse('2026-11-24T10:00Z'))).toBeUndefined();
});

// "The time zone affects how cron and at expressions are interpreted"; "If you don't specify a time zone, UTC is used"
test.each([
  ['cron(0 0 ? * SAT)', 'America/Los_Angeles', '2026-11-21T08:00'],
  ['at(2026-01-20T14:00)', 'America/New_York', '2026-01-20T19:00'],
  ['cron(0 2 * * *)', undefined, '2026-11-24T02:00'],
])('%s in %s begins %s UTC', (expression, timezone, start) => {
  expect(windowBy('2026-11-24T12:00Z', expression, 'PT1H', timezone)[0]).toBe(start);
});

test.each([
  ['PT1M', HOUR / 60],
  ['P2DT12H', 60 * HOUR],
  ['P15D', 360 * HOUR],
])('%s is understood', (duration, millis) => {
  expect(readSchedule('cron(0 2 * * *)', duration).durationMillis).toBe(millis);
});

// "a minimum of 1 minute (PT1M) and maximum of 15 days (P15D)"
test.each(['P', 'PT', 'PT0M', 'PT30S', 'P15DT1M', 'P1W', '2h', ''])('the duration "%s" is refused', (duration) => {
  expect(() => readSchedule('cron(0 2 * * *)', duration)).toThrow(
    `mute duration "${duration}": allowed are ISO 8601 durations from PT1M to P15D, as P2DT12H`,
  );
});

test.each([
  ['0 2 * * *', 'allowed are cron(minute hour day-of-month month day-of-week) and at(yyyy-MM-ddThh:mm)'],
  ['rate(5 minutes)', 'allowed are cron('],
  ['at(2026-11-24)', 'allowed are cron('],
  ['cron(0 2 * * * *)', '6 fields, allowed are 5'],
  ['cron(0 2 * JAN# *)', '"JAN#" is no month'],
  ['cron(? 2 * * *)', '"?" is no minute'],
  ['cron(0 2 1W * *)', '"1W" is no day of the month'],
  ['cron(61 2 * * *)', 'Invalid value for minute: 61'],
  ['at(2026-13-24T10:00)', 'Invalid'],
])('the expression %s is refused', (expression, problem) => {
  expect(() => readSchedule(expression, 'PT1H')).toThrow(problem);
});

test('a time zone that does not exist is refused', () => {
  expect(() => readSchedule('cron(0 2 * * *)', 'PT1H', 'Mars/Phobos')).toThrow(
    'mute schedule "0 2 * * *" in Mars/Phobos: ',
  );
});
