import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** A source map, revision 3, as esbuild writes it without the sources' text. */
export interface SourceMap {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly mappings: string;
  readonly names: readonly string[];
}

/** Node reads the whole map at each cold start, and most of it would be about packages: it keeps our own files only. */
export const ownSourceMaps: Plugin = {
  name: 'own-source-maps',
  setup(builder) {
    const { absWorkingDir = process.cwd() } = builder.initialOptions;
    builder.onEnd(async ({ metafile }) => {
      const maps = Object.keys(metafile?.outputs ?? {}).filter((path) => path.endsWith('.map'));
      await Promise.all(maps.map((path) => shorten(join(absWorkingDir, path))));
    });
  },
};

async function shorten(path: string): Promise<void> {
  await writeFile(path, JSON.stringify(withoutPackages(JSON.parse(await readFile(path, 'utf8')))));
}

/** The map without what it says about packages; a place in their code has no origin then. */
export function withoutPackages({ version, sources, mappings }: SourceMap): SourceMap {
  const own = sources.filter((source) => !source.includes('node_modules/'));
  const newIndexes = sources.map((source) => own.indexOf(source));
  const lines = decode(mappings).map((line) => shortLine(line, newIndexes));
  return { version, sources: own, mappings: encode(lines), names: [] };
}

function shortLine(line: readonly SourceMapSegment[], newIndexes: readonly number[]): SourceMapSegment[] {
  const short: SourceMapSegment[] = [];
  for (const segment of line) {
    const index = segment.length === 1 ? -1 : (newIndexes[segment[1]] ?? -1);
    if (segment.length !== 1 && index >= 0) short.push([segment[0], index, segment[2], segment[3]]);
    // where our own code ends one mark is enough
    else if ((short.at(-1)?.length ?? 1) > 1) short.push([segment[0]]);
  }
  return short;
}
