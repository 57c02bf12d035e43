import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { FUNCTIONS, kebabCase } from '../../lambdas/core/names.ts';
import type { Row } from './table.ts';

/** Sizes of the functions' bundles over their baselines', as they are and compressed, in KB. */
export async function measureBundleSizes(ours: string, baselines: string): Promise<{ raw: Row[]; gzip: Row[] }> {
  const raw: Row[] = [];
  const gzip: Row[] = [];
  for (const key of FUNCTIONS) {
    const name = kebabCase(key);
    const [code, bareCode] = await Promise.all(
      [ours, baselines].map((folder) => readFile(join(folder, name, 'index.mjs'))),
    );
    if (code === undefined || bareCode === undefined) continue;
    raw.push({ name, ours: kilobytes(code), bare: kilobytes(bareCode) });
    gzip.push({ name, ours: kilobytes(gzipSync(code)), bare: kilobytes(gzipSync(bareCode)) });
  }
  return { raw, gzip };
}

function kilobytes(bytes: Uint8Array): number {
  return bytes.byteLength / 1024;
}
