import { cut, quote } from '../../../lambdas/core/quote.ts';

test('what is short is written as JSON', () => {
  expect(quote({ a: [1, 'two'] })).toBe('{"a":[1,"two"]}');
  expect(quote(undefined)).toBe('undefined');
  expect(cut('short')).toBe('short');
});

test('what is long is cut, and its length said', () => {
  expect(quote('x'.repeat(500))).toBe(`"${'x'.repeat(79)}… (502 characters)`);
  expect(cut('x'.repeat(81))).toBe(`${'x'.repeat(80)}… (81 characters)`);
});

test('S23: what is nested too deeply to be written throws nothing', () => {
  expect(quote(JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`))).toBe('a value that cannot be written');
});
