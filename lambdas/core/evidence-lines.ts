import type { RunCommandAnswer } from './contract.ts';

const MOST_LINES = 12;
const MOST_CHARACTERS = 160;

/** What a repair saw and left, as a few short lines for a message. */
export function evidenceLines(answer: RunCommandAnswer): string[] {
  if (answer.kind !== 'reported') return [];
  const seen = Object.entries(answer.report.evidence ?? {}).flatMap(([name, value]) =>
    Array.isArray(value) ? value.map((one) => `${name}: ${one}`) : [`${name}: ${value}`],
  );
  const left = (answer.report.left ?? []).map(({ why, count }) => `left: ${count} ${why}`);
  return [...seen, ...left].slice(0, MOST_LINES).map((line) => line.slice(0, MOST_CHARACTERS));
}
