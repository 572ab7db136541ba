import { bracketDepth } from './bracket-depth.js';

test.each([
  ['', 0],
  ['{ a { b } c(d: [[1], {e: 2}]) }', 4],
  ['{ a(text: "[[[[ \\" [[[[") }', 2],
  ['{ a(text: """ [[[ \\""" [[[ """) }', 2],
  ['{ # [[[[[\n a }', 1],
  ['['.repeat(3_000), 3_000],
])('the brackets of %j are nested %d deep', (text, most) => {
  expect(bracketDepth(text)).toBe(most);
});
