import { randomBytes } from 'node:crypto';
import { IdentitySeal, keysFrom } from './seal.js';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const ERIKA = { name: 'Erika Mustermann', dateOfBirth: '1964-08-12' };

test('what is sealed opens again, and for its patient only', () => {
  const seal = new IdentitySeal([OLD]);
  const sealed = seal.seal('patient 1', ERIKA);
  expect(seal.open('patient 1', sealed)).toEqual(ERIKA);
  expect(() => seal.open('patient 2', sealed)).toThrow();
});

test('what is sealed shows nothing of the name, and never looks the same', () => {
  const seal = new IdentitySeal([OLD]);
  const [first, second] = [seal.seal('patient 1', ERIKA), seal.seal('patient 1', ERIKA)];
  expect(first.sealed.toString('latin1')).not.toContain('Erika');
  expect(first.sealed.equals(second.sealed)).toBe(false);
  expect(first.nonce.equals(second.nonce)).toBe(false);
});

test.each(['sealed', 'nonce'] as const)('what was tampered with does not open: %s', (part) => {
  const seal = new IdentitySeal([OLD]);
  const sealed = seal.seal('patient 1', ERIKA);
  sealed[part][0]! ^= 1;
  expect(() => seal.open('patient 1', sealed)).toThrow();
});

test('a name or a date of birth may be missing', () => {
  const seal = new IdentitySeal([OLD]);
  for (const identity of [
    { name: null, dateOfBirth: '1964-08-12' },
    { name: 'Erika', dateOfBirth: null },
  ]) {
    expect(seal.open('p', seal.seal('p', identity))).toEqual(identity);
  }
});

test('after a rotation the new key seals, and the old one still opens what it sealed', () => {
  const before = new IdentitySeal([OLD]).seal('patient 1', ERIKA);
  const rotated = new IdentitySeal([NEW, OLD]);
  const after = rotated.seal('patient 1', ERIKA);
  expect(rotated.open('patient 1', before)).toEqual(ERIKA);
  expect(after.keyId).not.toBe(before.keyId);
  expect(new IdentitySeal([NEW]).open('patient 1', after)).toEqual(ERIKA);
});

test('without its key an identity does not open, and the error names the key and no content', () => {
  const before = new IdentitySeal([OLD]).seal('patient 1', ERIKA);
  expect(() => new IdentitySeal([NEW]).open('patient 1', before)).toThrow(before.keyId);
});

test('keys are read from base64, the first one first', () => {
  expect(keysFrom(`${NEW.toString('base64')}, ${OLD.toString('base64')}`)).toEqual([NEW, OLD]);
});

test.each([
  ['none', ''],
  ['a short one', randomBytes(31).toString('base64')],
  ['a short second one', `${OLD.toString('base64')},${randomBytes(16).toString('base64')}`],
])('keys are refused, without showing them: %s', (_, text) => {
  const thrown = (() => {
    try {
      keysFrom(text);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  })();
  expect(thrown).toContain('bytes instead of 32');
  expect(text === '' || !thrown.includes(text)).toBe(true);
});
