import { throwIfFault } from './callers-fault.js';

test('an input without a fault passes', () => {
  expect(() => throwIfFault(undefined)).not.toThrow();
});

test('a fault in an input is thrown as BAD_USER_INPUT, with its sentence', () => {
  expect(() => throwIfFault('A reason is missing; give one.')).toThrow(
    expect.objectContaining({
      message: 'A reason is missing; give one.',
      extensions: { code: 'BAD_USER_INPUT' },
    }),
  );
});

test('a fault with a code of its own is thrown with it', () => {
  expect(() => throwIfFault({ code: 'TOO_MUCH', message: 'Send fewer.' })).toThrow(
    expect.objectContaining({ message: 'Send fewer.', extensions: { code: 'TOO_MUCH' } }),
  );
});
