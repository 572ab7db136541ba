import { randomBytes } from 'node:crypto';
import { IdentitySeal } from './seal.js';

test.each([
  { name: 'Erika Mustermann', dateOfBirth: '1964-08-12' },
  { name: null, dateOfBirth: '1964-08-12' },
  { name: 'Erika', dateOfBirth: null },
])('an identity opens again, and for its patient only: %o', (identity) => {
  const seal = new IdentitySeal([randomBytes(32)]);
  const sealed = seal.seal('patient 1', identity);
  expect(seal.open('patient 1', sealed)).toEqual(identity);
  expect(() => seal.open('patient 2', sealed)).toThrow();
});

/** Sealed by an earlier release under a key of 32 bytes 7. */
const STORED = {
  keyId: '1f41d082ad085e35',
  nonce: Buffer.from('O3SuRyvtEaFj9Dcr', 'base64'),
  sealed: Buffer.from(
    'b+yUBIaiilcgDHSoVfJIljSfbBcl01dsqZGSd2/KjYp6mKEKB4iS9zHRUd9Z3kbNzw==',
    'base64',
  ),
};

test('an identity that an earlier release stored opens', () => {
  const seal = new IdentitySeal([Buffer.alloc(32, 7)]);
  expect(seal.open('patient 1', STORED)).toEqual({
    name: 'Erika Mustermann',
    dateOfBirth: '1964-08-12',
  });
});
