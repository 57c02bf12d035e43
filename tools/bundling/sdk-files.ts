import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { withStaticClient } from './durable-client.ts';

const SCHEMAS = /@aws-sdk[\\/].*dist-es[\\/].*schemas_\d+\.js$/;
const DURABLE = /@aws[\\/]durable-execution-sdk-js[\\/]dist[\\/]index\.mjs$/;
/** Has nothing but imports and classes; unlike the clients, its package does not say so. */
const DOCUMENT_CLIENT = /^@aws-sdk\/lib-dynamodb$/;

/** Reads the SDKs' files so that what a function does not use can be shaken off. */
export const sdkFiles: Plugin = {
  name: 'sdk-files',
  setup(builder) {
    builder.onLoad({ filter: SCHEMAS }, async ({ path }) => ({
      contents: withPlainKeys(await readFile(path, 'utf8')),
    }));
    builder.onLoad({ filter: DURABLE }, async ({ path }) => ({
      contents: withStaticClient(await readFile(path, 'utf8')),
    }));
    builder.onResolve({ filter: DOCUMENT_CLIENT }, async ({ path, resolveDir, kind, pluginData }) => {
      if (pluginData === DOCUMENT_CLIENT) return undefined;
      return {
        ...(await builder.resolve(path, { resolveDir, kind, pluginData: DOCUMENT_CLIENT })),
        sideEffects: false,
      };
    });
  },
};

/** The SDK's schema files index by constants, which no bundler can shake: `[_n]: 1` becomes `"name": 1`, where `_n = "name"`. */
export function withPlainKeys(source: string): string {
  const constants = new Map(
    [...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return source.replace(/\[(_\w+)\]:/g, (whole, name: string) => {
    const text = constants.get(name);
    return text === undefined ? whole : `${text}:`;
  });
}
