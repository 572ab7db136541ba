import type { ProfessionalInput } from '../generated/graphql.js';
import { judgeDecision, judgeRegistration, type Reference } from './rules.js';

const NOW = new Date('2026-12-01T10:00:00.000Z');
const CHAMBER = { id: 'c', name: 'Ärztekammer', professions: ['physician'], areas: ['05'] };
const REFERENCE: Reference = {
  isProfession: (oid) => ['physician', 'midwife'].includes(oid),
  chamberWithId: (id) => (id === 'c' ? CHAMBER : undefined),
  chambersOf: (oid, area) => (oid === 'physician' && area.startsWith('05') ? [CHAMBER] : []),
  isKreis: (area) => ['05315', '06611'].includes(area),
};
const IDENTITY = {
  givenName: 'Erika',
  familyName: 'Mustermann',
  birthDate: '1964-08-12',
  birthPlace: 'Berlin',
};
const GOOD: ProfessionalInput = {
  identity: IDENTITY,
  homeArea: '05315',
  reachability: 'ALWAYS',
  consentAt: NOW,
  qualifications: [{ profession: 'physician', chamber: 'c' }],
};
const judge = (over: Partial<ProfessionalInput>) =>
  judgeRegistration({ ...GOOD, ...over }, REFERENCE, NOW);
const judgeIdentity = (over: object) => judge({ identity: { ...IDENTITY, ...over } });
const employment = (over: object) =>
  judge({ employment: { group: 'NURSE', isSideJob: false, ...over } });

test.each([
  {},
  { qualifications: [{ profession: 'midwife' }] },
  { qualifications: [{ profession: 'physician' }], homeArea: '06611' },
  { qualifications: [] },
])('%j is accepted', (over) => {
  expect(judge(over)).toBeUndefined();
});

test.each([
  ['born today', '2026-12-01'],
  ['born in the future', '2030-01-01'],
  ['too young for a profession', '2011-12-02'],
  ['no date', '1964-02-30'],
  ['another form', '12.08.1964'],
  ['too old to live', '1899-12-31'],
])('a person who is %s is refused', (_, birthDate) => {
  expect(judgeIdentity({ birthDate })).toMatchObject({
    __typename: 'InvalidProfessional',
    field: 'identity.birthDate',
    message: expect.stringContaining('2011-12-01'),
  });
});

test('a person who is 15 today is accepted', () => {
  expect(judgeIdentity({ birthDate: '2011-12-01' })).toBeUndefined();
});

test.each([
  ['givenName', ' '],
  ['familyName', 'x'.repeat(201)],
  ['birthName', ''],
  ['birthPlace', ''],
  ['phone', 'x'.repeat(201)],
  ['email', ' '],
])('%s %j is refused without being repeated', (field, text) => {
  const refusal = judgeIdentity({ [field]: text });
  expect(refusal).toMatchObject({ field: `identity.${field}` });
  expect(refusal?.message).not.toContain('xxx');
});

test.each([
  [{ kind: 'LANR', number: '12345678' }],
  [{ kind: 'LANR', number: '123456789', chamber: 'c' }],
  [{ kind: 'CHAMBER', number: '17' }],
  [{ kind: 'CHAMBER', number: '174' }],
  [{ kind: 'TELEMATIK_ID', number: '1-<script>' }],
])('the registry number %j is refused', (registryNumber) => {
  expect(judgeIdentity({ registryNumber })).toMatchObject({ field: 'identity.registryNumber' });
});

test('a registry number of an unknown chamber is refused', () => {
  const registryNumber = { kind: 'CHAMBER', number: '174', chamber: 'x' };
  expect(judgeIdentity({ registryNumber })).toMatchObject({ __typename: 'UnknownChamber' });
});

test.each([
  ['a Land as a home', { homeArea: '05' }, 'homeArea'],
  ['a consent of tomorrow', { consentAt: new Date('2026-12-02') }, 'consentAt'],
  [
    'eleven professions',
    { qualifications: Array(11).fill({ profession: 'midwife' }) },
    'qualifications',
  ],
  [
    'a physician without a chamber',
    { qualifications: [{ profession: 'physician' }] },
    'qualifications[0].chamber',
  ],
  [
    'an empty specialty',
    { qualifications: [{ profession: 'midwife', specialty: ' ' }] },
    'qualifications[0].specialty',
  ],
])('%s is refused', (_, over, field) => {
  expect(judge(over)).toMatchObject({ __typename: 'InvalidProfessional', field });
});

test('a Kreis that does not exist is refused', () => {
  expect(judge({ homeArea: '05999' })).toMatchObject({ __typename: 'UnknownArea', area: '05999' });
});

test('an employment names a facility or an organisation, and not both', () => {
  expect(employment({ facility: 'f' })).toBeUndefined();
  expect(employment({ organisation: 'o' })).toBeUndefined();
  expect(employment({})).toMatchObject({ field: 'employment' });
  expect(employment({ facility: 'f', organisation: 'o' })).toMatchObject({ field: 'employment' });
});

test('an unknown profession is refused', () => {
  expect(judge({ qualifications: [{ profession: 'wizard' }] })).toMatchObject({
    __typename: 'UnknownProfession',
    professionCode: 'wizard',
  });
});

test('a chamber of another profession is refused', () => {
  expect(judge({ qualifications: [{ profession: 'midwife', chamber: 'c' }] })).toMatchObject({
    __typename: 'ForeignChamber',
    chamberId: 'c',
    professionCode: 'midwife',
  });
});

test.each([
  [{ isFinal: false, decidedAt: null }, false, undefined],
  [{ isFinal: false, decidedAt: NOW }, false, undefined],
  [{ isFinal: true, decidedAt: NOW }, true, undefined],
  [{ isFinal: true, decidedAt: NOW }, false, 'DuplicateDecided'],
])('of %j a decision by a chamber (%s) gets %s', (decision, isCompetent, refusal) => {
  expect(judgeDecision(decision, isCompetent)?.__typename).toBe(refusal);
});
