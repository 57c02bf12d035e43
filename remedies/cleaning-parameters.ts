import type { Parameter } from './slice.ts';

const minutes = (preset: string, describes: string): Parameter => ({
  source: { from: 'setting', default: preset, describes },
  pattern: '^[0-9]{1,6}$',
  accepts: ['0', '1440'],
  rejects: ['', '-1', '1h', '1; reboot'],
});

/** Parameters of every slice whose repair cleans a file system; `remedies/cleaning.sh` reads them. */
export const cleaningParameters: Readonly<
  Record<
    | 'MountPath'
    | 'StopAtPercent'
    | 'AgeBy'
    | 'TemporaryAgeMinutes'
    | 'RotatedLogAgeMinutes'
    | 'PackageCacheAgeMinutes'
    | 'CleanableFolders'
    | 'CleanableAgeMinutes',
    Parameter
  >
> = {
  MountPath: {
    source: { from: 'part' },
    pattern: '^/[A-Za-z0-9._/-]{0,200}$',
    accepts: ['/', '/data', '/srv/my-app.1'],
    rejects: ['', 'data', '/data;reboot', '/a b', '/$(id)'],
  },
  StopAtPercent: {
    source: { from: 'setting', default: '80', describes: 'usage at which cleaning stops: never more than needed' },
    pattern: '^[1-9][0-9]?$',
    accepts: ['1', '80'],
    rejects: ['0', '100', '80%'],
  },
  AgeBy: {
    source: {
      from: 'setting',
      default: 'change',
      describes: 'what makes a file old: the later of its times of modification and change, or modification alone',
    },
    pattern: '^(change|modification)$',
    accepts: ['change', 'modification'],
    rejects: ['', 'access', 'change;id'],
  },
  TemporaryAgeMinutes: minutes('1440', 'temporary files younger than this stay'),
  RotatedLogAgeMinutes: minutes('1440', 'rotated logs younger than this stay'),
  PackageCacheAgeMinutes: minutes('60', 'package caches younger than this stay'),
  CleanableFolders: {
    source: {
      from: 'setting',
      default: '',
      describes: 'application caches that may be cleaned: absolute folders, joined by a colon',
    },
    pattern: '^(/[A-Za-z0-9._/-]+(:/[A-Za-z0-9._/-]+)*)?$',
    accepts: ['', '/srv/app/cache', '/srv/a/cache:/data/cache'],
    rejects: ['cache', '/srv/a b', '/srv/a::', '/srv/$(id)'],
  },
  CleanableAgeMinutes: minutes('1440', 'files in those folders younger than this stay'),
};
