import { memoryReading } from '../../../sandbox/instance/memory-account.ts';
import { loadavgText, meminfoText, statText } from '../../../sandbox/instance/proc-views.ts';

function stat(user: number, idle: number): string {
  const times = { user, system: 2, idle, steal: 0 };
  return statText({ times, vcpus: 2, bootedAtEpochSeconds: 1_700_000_000, running: 1, blocked: 0 });
}

function firstFields(text: string, line: number): string[] {
  return (text.split('\n')[line] ?? '').split(/\s+/).slice(0, 5);
}

test('the sum line of stat is the sum of the lines of the vCPUs', () => {
  expect(firstFields(stat(21, 77), 0)).toEqual(['cpu', '20', '0', '2', '76']);
  expect(firstFields(stat(21, 77), 1)).toEqual(['cpu0', '10', '0', '1', '38']);
  expect(firstFields(stat(21, 77), 2)).toEqual(['cpu1', '10', '0', '1', '38']);
});

test('every view keeps its length whatever the numbers', () => {
  expect(stat(9_999_999_999, 12)).toHaveLength(stat(0, 0).length);
  expect(meminfoText(memoryReading(1024, 900_000, 5))).toHaveLength(meminfoText(memoryReading(1024, 0, 0)).length);
  const quiet = loadavgText({ averages: [0, 0, 0], running: 0, total: 3, lastPid: 9 });
  expect(loadavgText({ averages: [123.456, 88, 1], running: 120, total: 1300, lastPid: 32_000 })).toHaveLength(
    quiet.length,
  );
  expect(quiet.trimEnd()).toBe('0.00 0.00 0.00 0/3 9');
});

test('memory in use is what is neither free nor available', () => {
  const text = meminfoText(memoryReading(100, 51_200, 0));
  expect(text).toContain('MemTotal:          102400 kB\n');
  expect(text).toContain('MemAvailable:       51200 kB\n');
});

test('more memory than there is counts as all of it', () => {
  const text = meminfoText(memoryReading(100, 999_999, 0));
  expect(text).toContain('MemFree:                0 kB\n');
  expect(text).toContain('MemAvailable:           0 kB\n');
  expect(text).toContain('Cached:                 0 kB\n');
});
