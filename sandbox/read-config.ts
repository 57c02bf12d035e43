import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Config } from '../lib/config/config.ts';
import { ConfigError, defineConfig } from '../lib/config/define-config.ts';
import { inSandbox } from './default-config.ts';
import { UsageError } from './options.ts';

/** Reads somebody's configuration for the sandbox; throws a UsageError that says what is wrong with the file or in it. */
export async function readConfig(path: string): Promise<Config> {
  const file = resolve(path);
  if (!existsSync(file)) throw new UsageError(`--config is ${JSON.stringify(path)}: there is no ${file}`);
  try {
    const { default: config }: { default?: Config } = await import(pathToFileURL(file).href);
    if (config === undefined) throw new UsageError(`--config: ${file} has no default export, as defineConfig({ … })`);
    return inSandbox(defineConfig(config));
  } catch (error) {
    if (error instanceof ConfigError) throw new UsageError(`--config: ${file}: ${error.message}`, { cause: error });
    throw error;
  }
}
