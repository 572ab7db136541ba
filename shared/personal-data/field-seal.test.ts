import { randomBytes } from 'node:crypto';
import { FieldSeal, keysFrom } from './field-seal.js';

const [OLD, NEW] = [randomBytes(32), randomBytes(32)];
const ERIKA = { name: 'Erika Mustermann', dateOfBirth: '1964-08-12' };

test('a value opens again, and for its row only', () => {
  const seal = new FieldSeal('name', [OLD]);
  const sealed = seal.seal('row 1', ERIKA);
  expect(seal.open('row 1', sealed)).toEqual(ERIKA);
  expect(() => seal.open('row 2', sealed)).toThrow();
});

test('a sealed value shows nothing of its content, and never looks the same', () => {
  const seal = new FieldSeal('name', [OLD]);
  const [first, second] = [seal.seal('row 1', ERIKA), seal.seal('row 1', ERIKA)];
  expect(first.sealed.toString('latin1')).not.toContain('Erika');
  expect(first.sealed.equals(second.sealed)).toBe(false);
  expect(first.nonce.equals(second.nonce)).toBe(false);
});

test.each(['sealed', 'nonce'] as const)('a value that was changed does not open: %s', (part) => {
  const seal = new FieldSeal('name', [OLD]);
  const sealed = seal.seal('row 1', ERIKA);
  sealed[part][0]! ^= 1;
  expect(() => seal.open('row 1', sealed)).toThrow();
});

test('after a rotation the new key seals, and the old one still opens what it sealed', () => {
  const before = new FieldSeal('name', [OLD]).seal('row 1', ERIKA);
  const rotated = new FieldSeal('name', [NEW, OLD]);
  const after = rotated.seal('row 1', ERIKA);
  expect(rotated.open('row 1', before)).toEqual(ERIKA);
  expect(after.keyId).not.toBe(before.keyId);
  expect(new FieldSeal('name', [NEW]).open('row 1', after)).toEqual(ERIKA);
});

test('without its key a value does not open, and the error names the key and no content', () => {
  const before = new FieldSeal('name', [OLD]).seal('row 1', ERIKA);
  expect(() => new FieldSeal('name', [NEW]).open('row 1', before)).toThrow(before.keyId);
});

test('keys are read from base64, the first one first', () => {
  expect(keysFrom(`${NEW.toString('base64')}, ${OLD.toString('base64')}`)).toEqual([NEW, OLD]);
});

test.each([
  ['none', ''],
  ['a short one', randomBytes(31).toString('base64')],
  ['a short second one', `${OLD.toString('base64')},${randomBytes(16).toString('base64')}`],
])('unusable keys are refused and not shown: %s', (_, text) => {
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
