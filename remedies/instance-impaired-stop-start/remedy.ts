import type { ActSlice } from '../slice.ts';

const slice: ActSlice = {
  id: 'instance-impaired-stop-start',
  symptom: 'instance-impaired',
  title: 'stop the instance and start it again, on other hardware',
  act: 'stop-start-instance',
  disruption: 'reboot',
  settleSeconds: 600,
  soakSeconds: 300,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: { impossible: 'what ran in memory is gone; the disks and the private address are as they were' },
};

export default slice;
