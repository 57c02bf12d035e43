import { usedBy } from '../../lib/used-functions.ts';

const shared = `limit=3
say() { printf '%s\\n' "$1"; }
find_all() {
  find_one() { :; }
  say "$limit"
}
stop_all() {
  find_all
}
trap 'tidy' EXIT
tidy() {
  rm -f x
}
unused() {
  stop_all
}`;
const functionsOf = (script: string) => [...script.matchAll(/^([a-z_]+)\(\)/gm)].map(([, name]) => name);

test('a document carries the functions that its script uses, and what these use, in their order', () => {
  expect(functionsOf(usedBy('stop_all', shared))).toEqual(['say', 'find_all', 'stop_all', 'tidy']);
  expect(usedBy('stop_all', shared)).toContain('find_all() {\n  find_one() { :; }\n  say "$limit"\n}\nstop_all() {');
});

test('what stands between functions stays, and what it uses', () => {
  expect(usedBy('', shared)).toBe("limit=3\ntrap 'tidy' EXIT\ntidy() {\n  rm -f x\n}");
});

test('a name in a text counts: it may be exported, trapped or called by another shell', () => {
  expect(functionsOf(usedBy('export -f say', shared))).toEqual(['say', 'tidy']);
});

test('a function without an end is refused', () => {
  expect(() => usedBy('', 'open() {\n  x')).toThrow('the function open has no line "}" that ends it');
});
