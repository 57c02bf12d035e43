import { ageMinutes } from '../age-parameter.ts';
import type { Chore } from '../chore.ts';

const chore: Chore = {
  id: 'clean-temporary-files',
  title: 'clean /tmp and /var/tmp',
  intervalKey: 'temporaryFilesSeconds',
  everySeconds: 43_200,
  // as systemd cleans them where it does: https://github.com/systemd/systemd/blob/main/tmpfiles.d/tmp.conf
  parameters: {
    TmpAgeMinutes: ageMinutes('14400', 'files in /tmp younger than this stay'),
    VarTmpAgeMinutes: ageMinutes('43200', 'files in /var/tmp younger than this stay'),
  },
  shared: { remedyId: 'disk-full', names: ['AgeBy'] },
  timeoutSeconds: 600,
};

export default chore;
