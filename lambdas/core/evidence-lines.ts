import type { ActAnswer } from './contract.ts';
import type { Evidence } from './evidence.ts';
import type { RepairReport } from './repair-report.ts';

const MOST_LINES = 12;
const MOST_CHARACTERS = 160;

/** What a repair saw and left, as a few short lines for a message. */
export function evidenceLines(answer: ActAnswer): string[] {
  const { evidence, left: reported } = told(answer);
  const seen = Object.entries(evidence ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [`${name}: ${value}`] : value.map((one) => `${name}: ${one}`),
  );
  const left = (reported ?? []).map(({ why, count }) => `left: ${count} ${why}`);
  return [...seen, ...left].slice(0, MOST_LINES).map((line) => line.slice(0, MOST_CHARACTERS));
}

function told(answer: ActAnswer): { readonly evidence?: Evidence; readonly left?: RepairReport['left'] } {
  if (answer.kind === 'reported') return answer.report;
  return answer.kind === 'unknown' ? answer : {};
}
