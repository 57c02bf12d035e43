import fc from 'fast-check';
import type { AuditRecord } from '../../../lambdas/core/audit-record.ts';
import { messageOf, tamperMessage } from '../../../lambdas/core/message.ts';
import { fingerprint } from './samples.ts';

/** A record whose every text came from a stranger. */
const escalated = (text: string): AuditRecord => ({
  kind: 'escalated',
  fingerprint: { ...fingerprint, part: text },
  reason: 'ladder-exhausted',
  detail: text,
  evidence: text,
  lastEvidence: [text],
  attempts: [{ attemptId: 'a', remedyId: text, startedAt: '', outcome: 'not-recovered', summary: text }],
  subject: 's',
  order: 'o',
  at: '',
  stack: 'fleet',
});

const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\n',
        '\r',
        '\t',
        '\0',
        '\u001b[2J',
        '\u202e',
        '\u2066',
        '\u200e',
        '\u061c',
        '\u2028',
        '\u2029',
        '\ufeff',
      ),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

test('a subject is one line of fewer than 100 characters, whatever is in it', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      for (const message of [messageOf(escalated(text)), tamperMessage(text, 'changed', text)]) {
        expect(message?.subject.length).toBeLessThan(100);
        expect(message?.subject).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }
    }),
  );
});

test('no text adds a line, or hides one, in what people read', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const lines = messageOf(escalated(text))?.text.split('\n') ?? [];
      expect(lines).toHaveLength(10);
      expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});

test.each([
  ['a line break', 'a\nb', 'a\ufffdb'],
  ['an escape sequence of a terminal', '\u001b[31mred', '\ufffd[31mred'],
  ['a mark that turns text around', 'gpj.\u202eexe', 'gpj.\ufffdexe'],
  ['an invisible mark', 'pay\u200bpal', 'pay\ufffdpal'],
])('S31: %s is shown, not obeyed', (_, text, shown) => {
  expect(messageOf(escalated(text))?.text).toContain(`now       ${shown}\n`);
});

test('a long subject is cut and says so', () => {
  const subject = messageOf(escalated(`/${'x'.repeat(200)}`))?.subject;
  expect(subject).toBe(`[fleet] needs a person: disk-full on i-0123456789abcdef0 /${'x'.repeat(40)}…`);
});
