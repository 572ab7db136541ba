import {
  judgeLocation,
  nameKey,
  organisationExists,
  registrationFault,
  unknownOrganisation,
} from './rules.js';

const INPUT = {
  kind: 'WHOLESALER',
  area: '05315',
  name: 'Wholesale West',
  position: { latitude: 50.94, longitude: 6.96 },
  idempotencyKey: 'a key',
} as const;

describe('a registration', () => {
  test('has no fault where everything is stated', () => {
    expect(registrationFault(INPUT)).toBeUndefined();
  });

  test.each([
    [{ area: '05' }, 'area is the AGS of a Kreis'],
    [{ area: '' }, 'area is the AGS of a Kreis'],
    [{ name: ' ' }, 'name has 1 to 200 characters; received nothing'],
    [{ name: 'x'.repeat(201) }, 'received 201'],
    [{ position: { latitude: 91, longitude: 0 } }, 'latitude'],
    [{ position: { latitude: 0, longitude: NaN } }, 'longitude'],
  ])('is refused for %j', (change, message) => {
    expect(registrationFault({ ...INPUT, ...change })).toMatch(message);
  });
});

test('the one form of names that read alike is its own form', () => {
  for (const name of ['\u00df', 'SS', '\u0130x', '\ufb01x', '\u0345a', ' a\u2003 b '])
    expect(nameKey(nameKey(name))).toBe(nameKey(name));
  expect(new Set(['\u00df  Nord', 'SS NORD', 'ss\u00a0nord '].map(nameKey)).size).toBe(1);
});

test.each([
  [0, undefined],
  [50, undefined],
  [50.1, 'OrganisationElsewhere'],
])('a position %d km outside the Kreis: %s', (kilometres, refusal) => {
  expect(judgeLocation('05315', kilometres)?.__typename).toBe(refusal);
});

test('the refusals name what they are about', () => {
  expect(organisationExists({ id: 'the first', name: 'Depot', area: '05315' })).toMatchObject({
    organisation: { id: 'the first' },
    message: expect.stringContaining('Depot'),
  });
  expect(unknownOrganisation('x'.repeat(500))).toMatchObject({ organisationId: 'x'.repeat(500) });
  expect(unknownOrganisation('x'.repeat(500)).message.length).toBeLessThan(300);
});
