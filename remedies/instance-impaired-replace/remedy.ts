import type { ActSlice } from '../slice.ts';

const slice: ActSlice = {
  id: 'instance-impaired-replace',
  symptom: 'instance-impaired',
  title: 'have the Auto Scaling group replace the instance',
  act: 'replace-instance',
  disruption: 'replace',
  settleSeconds: 900,
  soakSeconds: 300,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: { impossible: 'a terminated instance does not come back' },
};

export default slice;
