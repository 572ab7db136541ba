import { nameKey, normalizedName, registryKey } from './matching.js';

test.each([
  ['Müller-Lüdenscheidt', 'MUELLER LUEDENSCHEIDT'],
  ['Weiß', 'Weiss'],
  ['Jörg', 'Jo\u0308rg'],
  ['André', 'andre'],
  ["O'Neill", 'O’Neill'],
  ['Karl-Heinz', ' Karl  Heinz '],
  ['Łukasz', 'lukasz'],
  ['Ｅｒｉｋａ', 'Erika'],
  ['Yıldız', 'Yildiz'],
  ['İnci', 'Inci'],
])('%s and %s are one name', (a, b) => {
  expect(normalizedName(a)).toBe(normalizedName(b));
});

test.each([
  ['Müller', 'Muller'],
  ['Maier', 'Meyer'],
  ['Иванов', 'Петров'],
])('%s and %s are two names', (a, b) => {
  expect(normalizedName(a)).not.toBe(normalizedName(b));
});

const ERIKA = {
  givenName: 'Erika',
  familyName: 'Mustermann',
  birthName: 'Gabler',
  birthDate: '1964-08-12',
  birthPlace: 'Berlin',
};

test('a person is compared by the name at birth, which a marriage does not change', () => {
  const before = { ...ERIKA, familyName: 'Gabler', birthName: null };
  expect(nameKey(before)).toBe(nameKey(ERIKA));
});

test.each(['givenName', 'birthName', 'birthDate', 'birthPlace'] as const)(
  'another %s is another person',
  (field) => {
    expect(nameKey({ ...ERIKA, [field]: '1' })).not.toBe(nameKey(ERIKA));
  },
);

test('parts of a name are never compared across their border', () => {
  const moved = { ...ERIKA, givenName: 'Erikag', birthName: 'abler' };
  expect(nameKey(moved)).not.toBe(nameKey(ERIKA));
});

test('a physician has one LANR, whatever specialty its last digits name', () => {
  const lanr = (number: string) => registryKey({ kind: 'LANR', number, chamber: null });
  expect(lanr('123456701')).toBe(lanr('123456703'));
  expect(lanr('123456701')).not.toBe(lanr('123456801'));
});

test('a number of a chamber is another one in another chamber', () => {
  const numberOf = (chamber: string) => registryKey({ kind: 'CHAMBER', number: '17-4', chamber });
  expect(numberOf('a')).not.toBe(numberOf('b'));
  expect(registryKey({ kind: 'CHAMBER', number: '17 4', chamber: 'a' })).toBe(numberOf('a'));
});
