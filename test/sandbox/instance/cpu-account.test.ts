import { CpuAccount } from '../../../sandbox/instance/cpu-account.ts';
import type { ProcessReading } from '../../../sandbox/instance/process-table.ts';

const NO_WAITS = new Map<number, number>();

function process(pid: number, userTicks: number, parentPid = 1): ProcessReading {
  return { pid, parentPid, session: pid, state: 'R', threads: 1, startTicks: 100 + pid, userTicks, systemTicks: 0 };
}

test('time that was not used by the processes is idle, over all vCPUs', () => {
  const account = new CpuAccount(2, 0);
  expect(account.advance(1, [process(7, 60)], NO_WAITS)).toEqual({ user: 60, system: 0, idle: 140, steal: 0 });
});

test('more than the vCPUs can do counts as all of them busy, and idle never falls', () => {
  const account = new CpuAccount(1, 0);
  account.advance(1, [process(7, 20)], NO_WAITS);
  expect(account.advance(2, [process(7, 420)], NO_WAITS)).toEqual({ user: 120, system: 0, idle: 80, steal: 0 });
});

test('a child that its parent has waited for is not counted twice', () => {
  const account = new CpuAccount(1, 0);
  account.advance(1, [process(7, 0), process(8, 50, 7)], NO_WAITS);
  expect(account.advance(2, [process(7, 60)], NO_WAITS).user).toBe(60);
});

test('a command that ends, whose parent is outside, takes nothing away from the others', () => {
  const account = new CpuAccount(1, 0);
  account.advance(1, [process(7, 0), process(8, 50, 0)], NO_WAITS);
  expect(account.advance(2, [process(7, 30)], NO_WAITS).user).toBe(80);
});

test('another process under a recycled pid starts from nothing', () => {
  const account = new CpuAccount(1, 0);
  account.advance(1, [process(8, 50, 0)], NO_WAITS);
  expect(account.advance(2, [{ ...process(8, 10, 0), startTicks: 999 }], NO_WAITS).user).toBe(60);
});

test('waiting for a CPU that the machine gave to others is steal, within what is left', () => {
  const account = new CpuAccount(1, 0);
  expect(account.advance(1, [process(7, 60)], new Map([[7, 30]]))).toEqual({
    user: 60,
    system: 0,
    idle: 10,
    steal: 30,
  });
  expect(account.advance(2, [process(7, 160)], new Map([[7, 90]]))).toEqual({
    user: 160,
    system: 0,
    idle: 10,
    steal: 30,
  });
});
