import type { Config } from '../../../lib/config/config.ts';
import { ConfigError, defineConfig } from '../../../lib/config/define-config.ts';
import { policyFromConfig } from '../../../lib/config/policy-from-config.ts';
import { slices } from '../../../remedies/index.ts';
import { CHORE_DOCUMENTS } from './chore-documents.ts';

const documents = Object.fromEntries(slices.map(({ id }) => [id, { check: 'c', repair: 'r' }]));
const maintenanceOf = (config: Config) =>
  policyFromConfig(defineConfig(config), documents, CHORE_DOCUMENTS).maintenance;
const settingsOf = (config: Config) =>
  Object.fromEntries(maintenanceOf(config).chores.map(({ id, settings }) => [id, settings]));

test('without a word of the operator both chores are due in their periods, at any time, and only observe', () => {
  const { mode, chores, windows, maxConcurrency, maxErrors } = maintenanceOf({});
  expect({ mode, windows, maxConcurrency, maxErrors }).toEqual({
    mode: 'observe',
    windows: [],
    maxConcurrency: '10%',
    maxErrors: '1',
  });
  expect(chores.map(({ id, everySeconds }) => [id, everySeconds])).toEqual([
    ['clean-caches', 86_400],
    ['clean-temporary-files', 43_200],
  ]);
});

test('S23: the overall mode "observe" means that nothing is cleaned; its own mode wins', () => {
  expect(maintenanceOf({ mode: 'observe' }).mode).toBe('observe');
  expect(maintenanceOf({ mode: 'act' }).mode).toBe('act');
  expect(maintenanceOf({ mode: 'act', maintenance: { mode: 'observe' } }).mode).toBe('observe');
  expect(maintenanceOf({ maintenance: { mode: 'act' } }).mode).toBe('act');
});

test('a chore that is off is due at no time, and can still be asked for', () => {
  const { chores } = maintenanceOf({ maintenance: { cacheCleanUpSeconds: 'off', temporaryFilesSeconds: 3600 } });
  expect(chores.map(({ id, everySeconds }) => [id, everySeconds])).toEqual([
    ['clean-caches', undefined],
    ['clean-temporary-files', 3600],
  ]);
});

test('what may be cleaned is said once, of disk-full; how old it must be is a setting of its own', () => {
  const config: Config = {
    remedies: {
      'disk-full': { settings: { CleanableFolders: '/srv/cache', AgeBy: 'modification', TemporaryAgeMinutes: '5' } },
    },
    maintenance: { settings: { CleanableAgeMinutes: '20160', TmpAgeMinutes: '60' } },
  };
  expect(settingsOf(config)).toEqual({
    'clean-caches': { CleanableFolders: '/srv/cache', AgeBy: 'modification', CleanableAgeMinutes: '20160' },
    'clean-temporary-files': { AgeBy: 'modification', TmpAgeMinutes: '60' },
  });
});

test('ages that disk-full goes by on a full disk are not those of a disk that is well', () => {
  const hasty = { CleanableAgeMinutes: '1', PackageCacheAgeMinutes: '1', RotatedLogAgeMinutes: '1' };
  expect(settingsOf({ remedies: { 'disk-full': { settings: hasty } } })).toEqual({
    'clean-caches': {},
    'clean-temporary-files': {},
  });
});

test('a window opens every day, by UTC, where it does not say otherwise', () => {
  expect(maintenanceOf({ maintenance: { windows: [{ from: '02:00', to: '05:00' }] } }).windows).toEqual([
    { days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], from: '02:00', to: '05:00', timeZone: 'UTC' },
  ]);
});

describe('a mistake fails synth, and says what is allowed', () => {
  test.each<[maintenance: Config['maintenance'], problem: string]>([
    [{ cacheCleanUpSeconds: 60 }, "maintenance.cacheCleanUpSeconds is 60: allowed are 3600 to 2592000, or 'off'"],
    [{ windows: [{ from: '2:00', to: '05:00' }] }, 'maintenance.windows.0.from is "2:00": allowed are 00:00 to 23:59'],
    [
      { windows: [{ from: '02:00', to: '05:00', timeZone: 'Berlin' }] },
      'maintenance.windows.0.timeZone is "Berlin": allowed is a time zone such as Europe/Berlin',
    ],
    [
      { windows: [{ from: '02:00', to: '02:00' }] },
      'maintenance.windows.0 is from 02:00 to 02:00: it is never open, or always',
    ],
    [{ maxConcurrency: '0' }, 'maintenance.maxConcurrency is "0": allowed are 1 to 9999999, or 1% to 100%'],
    [
      { settings: { TmpAgeMinutes: '1;id' } },
      'maintenance.settings.TmpAgeMinutes is "1;id"; allowed is ^[0-9]{1,6}$, for example "1440"',
    ],
    [
      { settings: { CleanableFolders: '/srv' } },
      'maintenance.settings.CleanableFolders does not exist; allowed are PackageCacheAgeMinutes, RotatedLogAgeMinutes, CleanableAgeMinutes, TmpAgeMinutes, VarTmpAgeMinutes',
    ],
  ])('%j', (maintenance, problem) => {
    expect(() => defineConfig(maintenance === undefined ? {} : { maintenance })).toThrow(
      new ConfigError(`self-healing.config.ts: ${problem}`),
    );
  });

  test('an unknown key', () => {
    const config: Config = JSON.parse('{"maintenance": {"window": []}}');
    expect(() => defineConfig(config)).toThrow(
      'unknown key "window" in maintenance; allowed are mode, cacheCleanUpSeconds, temporaryFilesSeconds, windows, maxConcurrency, maxErrors, settings',
    );
  });
});
