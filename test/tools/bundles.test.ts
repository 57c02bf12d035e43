import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUNDLES } from '../../lib/function-code.ts';
import { type FunctionKey, kebabCase } from '../../lambdas/core/names.ts';
import { UnknownSourceError, withStaticClient } from '../../tools/bundling/durable-client.ts';
import { withoutPackages } from '../../tools/bundling/own-source-maps.ts';
import { withPlainKeys } from '../../tools/bundling/sdk-files.ts';

const read = (key: FunctionKey, file: string): string => readFileSync(join(BUNDLES, kebabCase(key), file), 'utf8');

describe("a function's bundle", () => {
  const clients: readonly (readonly [FunctionKey, readonly string[]])[] = [
    ['openIncident', ['cloudwatch', 'dynamodb', 'ec2', 'lambda']],
    ['runCommand', ['auto-scaling', 'dynamodb', 'ec2', 'lambda', 'ssm']],
    ['notify', ['sqs']],
    ['sendSns', ['dynamodb', 'sns']],
  ];
  test.each(clients)('%s holds the SDK clients that it calls, and no other', (key, expected) => {
    const names = read(key, 'index.mjs').matchAll(/"@aws-sdk\/client-([a-z0-9-]+)"/g);
    expect([...new Set([...names].map(([, name = '']) => name))].toSorted()).toEqual(expected);
  });

  test('holds none of the commands of Lambda that the durable SDK never sends', () => {
    const bundle = read('runCommand', 'index.mjs');
    expect(bundle).toContain('"CheckpointDurableExecution"');
    expect(bundle).not.toContain('"UpdateFunctionCode"');
  });

  test('comes with a source map of our own files only, which Node parses at each cold start', () => {
    const text = read('openIncident', 'index.mjs.map');
    const { sources }: { sources: string[] } = JSON.parse(text);
    expect(sources).toContain('../../lambdas/handlers/open-incident.ts');
    expect(sources.filter((source) => source.includes('node_modules'))).toEqual([]);
    expect(text.length).toBeLessThan(50_000);
  });
});

describe('what is done to the files of packages', () => {
  test('keys that are constants are written out, others stay', () => {
    expect(withPlainKeys('const _n = "name";\nexport const a = { [_n]: 1, [_other]: 2 };')).toBe(
      'const _n = "name";\nexport const a = { "name": 1, [_other]: 2 };',
    );
  });

  test("the durable SDK's client is imported by the names that it uses", () => {
    const source = "const load = () => import('@aws-sdk/client-lambda');\nnew module.Two({});\nnew module.One({});";
    expect(withStaticClient(source)).toBe(
      "import { One, Two } from '@aws-sdk/client-lambda';\nconst load = () => Promise.resolve({ One, Two });\nnew module.Two({});\nnew module.One({});",
    );
  });

  test.each([
    ['no dynamic import', 'new module.One({});'],
    ['nothing that it names', "import('@aws-sdk/client-lambda')"],
  ])('a durable SDK with %s is not bundled: an update changed it', (_what, source) => {
    expect(() => withStaticClient(source)).toThrow(UnknownSourceError);
  });

  test("a source map loses what is about packages, and a place after our code is nobody's", () => {
    const map = {
      version: 3 as const,
      sources: ['node_modules/x.js', 'own.ts'],
      // columns 0 and 4 of the package, 8 of ours, 12 and 16 of the package
      mappings: 'AAAA,IAAA,ICAA,IDAA,IAAA',
      names: ['x'],
    };
    expect(withoutPackages(map)).toEqual({ version: 3, sources: ['own.ts'], mappings: 'QAAA,I', names: [] });
  });
});
