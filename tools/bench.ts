import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kebabCase } from '../lambdas/core/names.ts';
import { SANDBOX_CONFIG } from '../sandbox/default-config.ts';
import { PrerequisiteError, requireMachine, requirePython } from '../sandbox/prerequisites.ts';
import { synthesize } from '../sandbox/stack/template.ts';
import { measureBundleSizes } from './bench/bundle-sizes.ts';
import { measureCleaning } from './bench/cleaning/measure.ts';
import { buildBaselines } from './bench/cold-start/build-baselines.ts';
import { deployedEnvironment } from './bench/cold-start/deployed-environment.ts';
import { measureColdStarts } from './bench/cold-start/measure.ts';
import { measureIncidents } from './bench/event-to-command/measure.ts';
import { measureMemory } from './bench/memory/measure.ts';
import { measureOnHost } from './bench/on-host/measure.ts';
import { CLEANING_PEERS, MEMORY_PEERS, requirePeers } from './bench/peers.ts';
import { isOver, renderTable, type Section } from './bench/table.ts';
import { bundleFunctions } from './bundle-functions.ts';

/** Starts of each bundle, and incidents that are measured: enough for steady medians on a busy machine. */
const STARTS = 15;
const INCIDENTS = 8;
/** Times that a service is killed. */
const KILLS = 12;

async function measureCleaningBesidePeers(folder: string): Promise<Section[]> {
  requirePeers(CLEANING_PEERS);
  const cleaning = await measureCleaning(join(folder, 'cleaning'));
  return [
    { title: 'Cleaning 200,000 old files on ext4', unit: 'ms', rows: cleaning.time },
    { title: 'The same in CPU time of all its processes, without a limit', unit: 'ms', rows: cleaning.cpu },
    {
      title: 'Deleted although young, held open, with a second name or a link’s target',
      unit: '',
      rows: cleaning.wrong,
    },
  ];
}

async function measureFlow(folder: string): Promise<Section[]> {
  const bundles = join(folder, 'bundles');
  const baselines = join(folder, 'baselines');
  await buildBaselines(await bundleFunctions(bundles), baselines);
  const { template, assetFolder } = synthesize(SANDBOX_CONFIG, bundles, join(folder, 'cdk.out'));
  const stackName = SANDBOX_CONFIG.stackName ?? '';
  const sizes = await measureBundleSizes(bundles, baselines);
  const starts = await measureColdStarts({
    ours: join(assetFolder, 'functions', stackName),
    baselines,
    environmentOf: (key) => deployedEnvironment(template, `${stackName}-${kebabCase(key)}`),
    starts: STARTS,
  });
  const incidents = await measureIncidents(join(folder, 'sandbox'), INCIDENTS);
  return [
    { title: 'Cold start: CPU time from import to the first API call', unit: 'ms', rows: starts.cpu },
    {
      title: 'The same in wall time, without a limit: it counts who else wants the machine',
      unit: 'ms',
      rows: starts.wall,
    },
    { title: 'Bundle', unit: 'KB', rows: sizes.raw },
    { title: 'Bundle, gzip', unit: 'KB', rows: sizes.gzip },
    { title: 'API calls per healed incident', unit: '', rows: incidents.calls },
    { title: 'Lambda, metered, per healed incident', unit: '', rows: incidents.operations },
    { title: 'Event to command sent', unit: 'ms', rows: incidents.time },
  ];
}

async function measureRestarts(): Promise<Section[]> {
  const onHost = await measureOnHost(KILLS);
  return [{ title: 'On the host, beside monit that looks every second', unit: 'ms', rows: [onHost] }];
}

const PARTS: Readonly<Record<string, (folder: string) => Promise<Section[]>>> = {
  flow: measureFlow,
  'on-host': measureRestarts,
  cleaning: measureCleaningBesidePeers,
  memory: async (folder) => {
    requirePeers(MEMORY_PEERS);
    return measureMemory(join(folder, 'memory'));
  },
};

async function main(): Promise<number> {
  const [part, ...more] = process.argv.slice(2);
  if (more.length > 0 || ![undefined, ...Object.keys(PARTS)].includes(part)) {
    throw new PrerequisiteError([`a part: allowed are ${Object.keys(PARTS).join(', ')}, or none for all`]);
  }
  requireMachine();
  if (part === undefined) requirePeers({ ...CLEANING_PEERS, ...MEMORY_PEERS });
  await requirePython((line) => console.log(line));
  const folder = mkdtempSync(join(tmpdir(), 'self-healing-bench-'));
  try {
    const sections: Section[] = [];
    for (const [name, measure] of Object.entries(PARTS)) {
      if (part === undefined || part === name) sections.push(...(await measure(folder)));
    }
    console.log(renderTable(sections));
    const over = sections.flatMap(({ title, rows }) => rows.filter(isOver).map(({ name }) => `${title}: ${name}`));
    console.log(over.length === 0 ? '\nall within their limits' : `\nover their limits:\n${over.join('\n')}`);
    return over.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const expected = error instanceof PrerequisiteError;
    process.stderr.write(`${expected ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(2);
  },
);
