import { ScaledClock } from '../../../sandbox/clock.ts';
import { ClockTimers } from '../../../sandbox/lambda/clock-timers.ts';

describe('timers on the clock of the sandbox', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

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
