import type { Config } from '../../../lib/config/config.ts';
import { defineConfig } from '../../../lib/config/define-config.ts';

const FIRST = 'i-0123456789abcdef0';

test('what is kept on instances is given back as it was written', () => {
  const config: Config = {
    keep: { first: FIRST, maxErrors: '0', measurements: { port: 18_125 }, ballast: { mebibytes: 256 } },
    services: [{ unit: 'orders.service', restartsOnHost: true }],
  };
  expect(defineConfig(config)).toBe(config);
});

/** As a configuration that was not written in TypeScript. */
const written = (text: string): Config => JSON.parse(text);

test.each([
  [
    '{"keep": {}}',
    'keep.first is missing: allowed is the id of the instance that gets it first, such as i-0123456789abcdef0',
  ],
  [
    `{"keep": {"first": "${FIRST}", "timer": true}}`,
    'unknown key "timer" in keep; allowed are first, maxConcurrency, maxErrors, measurements, ballast',
  ],
  [
    `{"keep": {"first": "${FIRST}", "ballast": {"size": 1}}}`,
    'keep.ballast.mebibytes is missing: invalid input: expected number, received undefined; unknown key "size" in keep.ballast; allowed are mebibytes',
  ],
  [
    `{"keep": {"first": "${FIRST}", "measurements": {"port": 80}}}`,
    'keep.measurements.port is 80: too small: expected number to be >=1024',
  ],
  [
    '{"services": [{"unit": "orders.service", "restartsOnHost": true}]}',
    "services: orders.service has restartsOnHost; State Manager puts that on instances, and what it restarts is measured to be told: it needs keep: { first: 'i-…', measurements: { port: 18125 } }",
  ],
  [
    `{"keep": {"first": "${FIRST}"}, "services": [{"unit": "orders.service", "restartsOnHost": true}]}`,
    'services: orders.service has restartsOnHost; ',
  ],
])('%s is refused', (text, problem) => {
  expect(() => defineConfig(written(text))).toThrow(`self-healing.config.ts: ${problem}`);
});
