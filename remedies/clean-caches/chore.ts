import { ageMinutes } from '../age-parameter.ts';
import type { Chore } from '../chore.ts';

const chore: Chore = {
  id: 'clean-caches',
  title: 'clean package caches, old rotated logs and the caches that the configuration names',
  intervalKey: 'cacheCleanUpSeconds',
  everySeconds: 86_400,
  parameters: {
    PackageCacheAgeMinutes: ageMinutes('1440', 'package caches younger than this stay'),
    RotatedLogAgeMinutes: ageMinutes('43200', 'rotated logs younger than this stay'),
    CleanableAgeMinutes: ageMinutes('10080', 'files in cleanable folders younger than this stay'),
  },
  shared: { remedyId: 'disk-full', names: ['CleanableFolders', 'AgeBy'] },
  timeoutSeconds: 600,
};

export default chore;
