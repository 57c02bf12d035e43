import { parseArgs } from 'node:util';
import { killSandbox } from './kill-sandbox/kill-sandbox.ts';

const { values } = parseArgs({ options: { kills: { type: 'string' }, seed: { type: 'string' } } });
const kills = wholeNumber('--kills', values.kills ?? '50');
const seed = wholeNumber('--seed', values.seed ?? String(Date.now() % 1_000_000));
const startedAtMillis = Date.now();
console.log(
  `killing the sandbox ${kills} times; the same moments again: npm run torture -- --kills ${kills} --seed ${seed}`,
);
const wrong = await killSandbox({ kills, seed, last: 'tour', print: (line) => console.log(line) });
console.log(
  `${kills} kills in ${Math.round((Date.now() - startedAtMillis) / 1000)} s; ${wrong.length} things went wrong`,
);
for (const one of wrong) console.log(`  ${one}`);
process.exitCode = wrong.length === 0 ? 0 : 1;

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`${name} is ${JSON.stringify(text)}, allowed is a whole number`);
}
