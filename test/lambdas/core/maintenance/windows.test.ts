import { DAYS, mayMaintain, type MaintenanceWindow } from '../../../../lambdas/core/maintenance/windows.ts';

const nights: MaintenanceWindow = { days: DAYS, from: '02:00', to: '05:00', timeZone: 'UTC' };
const open = (window: MaintenanceWindow, at: string) => mayMaintain([window], Date.parse(at));

test('without a window it may happen at any time', () => {
  expect(mayMaintain([], Date.parse('2026-11-24T14:00:00Z'))).toBe(true);
});

test.each([
  ['2026-11-24T01:59:59Z', false],
  ['2026-11-24T02:00:00Z', true],
  ['2026-11-24T04:59:59Z', true],
  ['2026-11-24T05:00:00Z', false],
])('a window from 02:00 to 05:00, at %s: %s', (at, expected) => {
  expect(open(nights, at)).toBe(expected);
});

test.each([
  ['Saturday 23:00, on which it opens', '2026-11-28T23:00:00Z', true],
  ['Sunday 03:59, into which it lasts', '2026-11-29T03:59:00Z', true],
  ['Sunday 04:00', '2026-11-29T04:00:00Z', false],
  ['Saturday 03:00: it did not open on Friday', '2026-11-28T03:00:00Z', false],
  ['Sunday 23:30: it opens on Saturdays', '2026-11-29T23:30:00Z', false],
])('a window over midnight belongs to the day on which it opens: %s', (_, at, expected) => {
  expect(open({ days: ['Sat'], from: '23:00', to: '04:00', timeZone: 'UTC' }, at)).toBe(expected);
});

test('a window until 24:00 ends with its day', () => {
  const evenings: MaintenanceWindow = { ...nights, from: '22:00', to: '24:00' };
  expect(open(evenings, '2026-11-24T23:59:59Z')).toBe(true);
  expect(open(evenings, '2026-11-25T00:00:00Z')).toBe(false);
});

test('its times and days are those of its time zone, in summer and in winter', () => {
  const tokyo: MaintenanceWindow = { ...nights, days: ['Sun'], timeZone: 'Asia/Tokyo' };
  expect(open(tokyo, '2026-11-28T17:30:00Z')).toBe(true);
  expect(open(tokyo, '2026-11-29T02:30:00Z')).toBe(false);
  const berlin: MaintenanceWindow = { ...nights, timeZone: 'Europe/Berlin' };
  expect(open(berlin, '2026-07-01T00:30:00Z')).toBe(true);
  expect(open(berlin, '2026-12-01T00:30:00Z')).toBe(false);
  expect(open(berlin, '2026-12-01T01:30:00Z')).toBe(true);
});

test('any of several windows will do', () => {
  const noon: MaintenanceWindow = { ...nights, from: '12:00', to: '13:00' };
  expect(mayMaintain([nights, noon], Date.parse('2026-11-24T12:30:00Z'))).toBe(true);
  expect(mayMaintain([nights, noon], Date.parse('2026-11-24T14:00:00Z'))).toBe(false);
});
