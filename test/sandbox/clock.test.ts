import { ScaledClock } from '../../sandbox/clock.ts';

describe("the sandbox's clock", () => {
  const START = Date.parse('2026-11-24T10:00:00Z');
  let clock: ScaledClock;
  let told: string[];
  const tell = (word: string) => () => told.push(`${word} ${new Date(clock.nowMillis()).toISOString().slice(5, 19)}`);

  beforeEach(() => {
    jest.useFakeTimers({ now: START });
    clock = new ScaledClock(12);
    told = [];
  });
  afterEach(() => jest.useRealTimers());

  test('runs faster than real time', () => {
    clock.after(60, tell('minute'));
    jest.advanceTimersByTime(4_999);
    expect(told).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(told).toEqual(['minute 11-24T10:01:00']);
  });

  test('days pass at once: what came due happens once, in its order, at the new time', () => {
    clock.every(300, tell('five minutes'));
    clock.after(86_400, tell('day'));
    clock.after(3_600, tell('hour'));
    clock.after(3 * 86_400, tell('three days'));
    clock.skip(2 * 86_400);
    jest.advanceTimersByTime(0);
    expect(told).toEqual(['five minutes 11-26T10:00:00', 'hour 11-26T10:00:00', 'day 11-26T10:00:00']);
    jest.advanceTimersByTime(clock.realMillisFor(300));
    expect(told.slice(3)).toEqual(['five minutes 11-26T10:05:00']);
    clock.skip(86_400 - 300);
    jest.advanceTimersByTime(0);
    expect(told.slice(4)).toEqual(['five minutes 11-27T10:00:00', 'three days 11-27T10:00:00']);
  });

  test('a timer that waits for more than Node can wait for does not fire early', () => {
    clock.after(31_536_000, tell('year'));
    jest.advanceTimersByTime(clock.realMillisFor(31_535_999));
    expect(told).toEqual([]);
    jest.advanceTimersByTime(clock.realMillisFor(1) + 1);
    expect(told).toHaveLength(1);
  });

  test('what is cancelled does not happen, skipped or not', () => {
    const cancels = [clock.after(60, tell('once')), clock.every(60, tell('again'))];
    for (const cancel of cancels) cancel();
    clock.skip(3_600);
    jest.advanceTimersByTime(60_000);
    expect(told).toEqual([]);
  });

  test('a moment before a skip is still told as what the clock said then', () => {
    jest.advanceTimersByTime(1_000);
    clock.skip(86_400);
    jest.advanceTimersByTime(1_000);
    expect(new Date(clock.fromRealMillis(START + 500)).toISOString()).toBe('2026-11-24T10:00:06.000Z');
    expect(new Date(clock.fromRealMillis(START + 2_000)).toISOString()).toBe('2026-11-25T10:00:24.000Z');
  });
});
