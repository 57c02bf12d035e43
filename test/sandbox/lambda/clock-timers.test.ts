import { ScaledClock } from '../../../sandbox/clock.ts';
import { ClockTimers } from '../../../sandbox/lambda/clock-timers.ts';

describe('timers on the clock of the sandbox', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('fire after a year as after a second', () => {
    const fired: string[] = [];
    const timers = new ClockTimers(new ScaledClock(12));
    timers.after(31_536_000, () => fired.push('year'));
    timers.after(12, () => fired.push('second'));
    jest.advanceTimersByTime(1_000);
    expect(fired).toEqual(['second']);
    jest.advanceTimersByTime(2_627_998_000);
    expect(fired).toEqual(['second']);
    jest.advanceTimersByTime(1_000);
    expect(fired).toEqual(['second', 'year']);
  });

  it('are cancelled together, and sleepers told so', async () => {
    const fired: string[] = [];
    const timers = new ClockTimers(new ScaledClock(1));
    timers.after(1, () => fired.push('never'));
    const slept = timers.sleep(1);
    timers.cancelAll();
    jest.advanceTimersByTime(5_000);
    expect(await slept).toBe(false);
    expect(fired).toEqual([]);
  });
});
