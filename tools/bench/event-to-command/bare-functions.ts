import { join } from 'node:path';
import { build } from 'esbuild';
import type { LambdaService } from '../../../sandbox/lambda/lambda-service.ts';
import { BUNDLE_SETTINGS } from '../../bundling/settings.ts';

const SOURCES = join(import.meta.dirname, '../bare');
const BARE_FUNCTIONS = { open: false, remediate: true, 'run-command': true } as const;

/** Name by which a bare function is invoked. */
export function bareFunction(name: keyof typeof BARE_FUNCTIONS): string {
  return `bare-${name}:live`;
}

/** Builds the bare functions into a folder, by the settings of all bundles, and registers them beside the stack's own. */
export async function registerBareFunctions(lambda: LambdaService, folder: string): Promise<void> {
  const names = Object.keys(BARE_FUNCTIONS);
  await build({
    ...BUNDLE_SETTINGS,
    entryPoints: names.map((name) => ({ in: join(SOURCES, `${name}.ts`), out: join(name, 'index') })),
    outdir: folder,
  });
  for (const [name, durable] of Object.entries(BARE_FUNCTIONS)) {
    const functionName = `bare-${name}`;
    lambda.functions.create({
      name: functionName,
      bundleFolder: join(folder, name),
      codeSha256: functionName,
      handler: 'index.handler',
      environment: {},
      timeoutSeconds: 60,
      memoryMebibytes: 512,
      accessKeyId: `AKIABARE${name.replace(/\W/g, '').toUpperCase()}`,
      ...(durable ? { durable: { executionTimeoutSeconds: 600, retentionDays: 1 } } : {}),
    });
    lambda.functions.pointAlias(functionName, 'live', lambda.functions.publish(functionName).version);
  }
}
