import { defineConfig } from './lib/config/define-config.ts';

/** What this deployment may do. A first deployment observes: it decides and records, and changes nothing. */
export default defineConfig({
  stackName: 'self-healing',
  mode: 'observe',
});
