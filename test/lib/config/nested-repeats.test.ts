import { nestedRepeats } from '../../../lib/config/nested-repeats.ts';

test.each([
  ['^a$', 1],
  ['^[0-9]{1,6}$', 6],
  ['^(a|b{2}){3}$', 6],
  ['^(/[A-Z{}()]{1,60}){1,6}$', 360],
  ['^(a{1,92}){0,14}$', 1288],
  ['^((a{1,92}(,b)*){0,14})*$', 1288],
  ['^(a{92,}b{0}){2}$', 184],
  ['^(a{92}(b){2}c)*(d{3})+$', 92],
  ['^\\{5\\}a\\(b{7}$', 7],
])('the pattern %s repeats one thing %i times at most, as Go counts', (pattern, times) => {
  expect(nestedRepeats(pattern)).toBe(times);
});
