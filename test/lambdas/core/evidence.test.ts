import type { RunCommandAnswer } from '../../../lambdas/core/contract.ts';
import { earlyEvidence, withoutEarlyEvidence } from '../../../lambdas/core/early-evidence.ts';
import { evidenceDigest, keepEvidence } from '../../../lambdas/core/evidence.ts';
import { evidenceLink, tablePlaceOf } from '../../../lambdas/core/evidence-link.ts';

const evidence = { symptom: '/ 96 % used', topBefore: ['41 batch-crunch root 98.0 %'] };
const DIGEST = '54ea1885f9286acc65fc33e7a1adcb7a34a98a92225c9fcfd4a773b954c4e6f8';

describe('evidence is kept by its digest', () => {
  test('apart from the answer that had it', () => {
    const report = { result: 'changed', summary: 's' } as const;
    const answer: RunCommandAnswer = {
      kind: 'reported',
      commandId: 'c-1',
      report: { ...report, evidence: { a: 'b' } },
    };
    const { kept, answer: rest } = keepEvidence(answer);
    expect(rest).toEqual({ kind: 'reported', commandId: 'c-1', report });
    expect(kept).toEqual({ evidence: { a: 'b' }, digest: evidenceDigest({ a: 'b' }) });
  });

  test('also where the script was lost after it had told what it saw', () => {
    const { kept, answer } = keepEvidence({ kind: 'unknown', detail: 'cut', commandId: 'c-1', evidence });
    expect(answer).toEqual({ kind: 'unknown', detail: 'cut', commandId: 'c-1' });
    expect(kept?.evidence).toEqual(evidence);
  });

  test.each<RunCommandAnswer>([
    { kind: 'not-started', detail: 'd' },
    { kind: 'refused', reason: 'paused', detail: 'd' },
    { kind: 'unknown', detail: 'd' },
  ])('an answer without any is left as it is: %j', (answer) => {
    expect(keepEvidence(answer)).toEqual({ answer });
  });

  test('the same evidence has the same digest in whatever order it comes, and any other another', () => {
    expect(evidenceDigest(evidence)).toBe(DIGEST);
    expect(evidenceDigest({ topBefore: evidence.topBefore, symptom: evidence.symptom })).toBe(DIGEST);
    expect(evidenceDigest({ ...evidence, symptom: '/ 97 % used' })).not.toBe(DIGEST);
  });
});

describe('what a script tells before it first acts', () => {
  const line = `evidence-before-act: ${JSON.stringify(evidence)}`;

  test('is found among whatever else it writes', () => {
    expect(earlyEvidence(`renice: no\n${line}\nbash: line 3: Killed\n`)).toEqual(evidence);
    expect(withoutEarlyEvidence(`renice: no\n${line}\nKilled`)).toBe('renice: no\nKilled');
  });

  test('S31: is redacted here too', () => {
    expect(earlyEvidence('evidence-before-act: {"log":["login password=hunter2"]}')).toEqual({
      log: ['login password=[redacted]'],
    });
  });

  test.each([
    ['nothing', ''],
    ['a line that was cut', line.slice(0, 40)],
    ['another form', 'evidence-before-act: {"a":1}'],
    ['no object', 'evidence-before-act: []'],
  ])('%s is no evidence', (_, stderr) => {
    expect(earlyEvidence(stderr)).toBeUndefined();
  });
});

describe('where a person finds it', () => {
  test.each([
    ['aws', 'eu-west-1.console.aws.amazon.com'],
    ['aws-cn', 'eu-west-1.console.amazonaws.cn'],
    ['aws-us-gov', 'eu-west-1.console.amazonaws-us-gov.com'],
  ])("in the console of partition %s, by its stream's ARN", (partition, host) => {
    const place = tablePlaceOf(`arn:${partition}:dynamodb:eu-west-1:123456789012:table/fleet-audit/stream/2026`);
    expect(evidenceLink('ab12', place)).toBe(
      `https://${host}/dynamodbv2/home?region=eu-west-1#edit-item?itemMode=2&pk=evidence%23ab12&sk=evidence&table=fleet-audit`,
    );
  });

  test.each([
    undefined,
    'arn:aws:sqs:eu-west-1:123456789012:q',
    'arn:aws-new:dynamodb:x-1:123456789012:table/t/stream/1',
  ])('by its key alone where the console is not known: %s', (arn) => {
    expect(evidenceLink('ab12', tablePlaceOf(arn))).toBe('evidence#ab12');
  });
});
