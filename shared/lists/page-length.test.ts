import { pageLength } from './page-length.js';

test('a page without a length has 50 entries; 1 and 500 are the limits', () => {
  expect([undefined, null, 1, 500].map(pageLength)).toEqual([50, 50, 1, 500]);
});

test.each([
  [0, 'BAD_USER_INPUT'],
  [501, 'TOO_MUCH'],
])('a page of %d entries is refused with %s', (first, code) => {
  expect(() => pageLength(first)).toThrow(
    expect.objectContaining({
      message: `first is the length of the page, 1 to 500; received ${first}.`,
      extensions: expect.objectContaining({ code }),
    }),
  );
});
