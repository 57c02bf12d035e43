import { join } from 'node:path';
import { defineConfig } from 'self-healing-ec2';
import spoolStuck from './remedies/spool-stuck/remedy.ts';
import staleLocks from './remedies/stale-locks/remedy.ts';

/** What may be done to the orders' fleet: its own two remedies act, the system's own only say what they would do. */
export default defineConfig({
  stackName: 'orders-healing',
  mode: 'observe',
  ownRemedies: { folder: join(import.meta.dirname, 'remedies'), slices: [staleLocks, spoolStuck] },
  remedies: {
    'stale-locks': { mode: 'act' },
    'spool-stuck': { mode: 'act', thresholdCount: 5 },
  },
  protected: [{ user: 'orders' }],
});
