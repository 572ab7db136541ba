import {
  judgeCasualty,
  MOST_CASUALTIES,
  registrationFault,
  type AcceptedCasualty,
  type Casualty,
} from './rules.js';

const TODAY = '2026-01-15';
const SECTION = 'a section';
const casualty: Casualty = {
  tag: 'K 17',
  category: 'SK_II',
  physician: false,
  transportPriority: false,
  needs: [],
  ventilated: false,
  physicianEscort: false,
  origin: 'CIVILIAN',
};
const judge = (over: Partial<Casualty>) =>
  judgeCasualty({ ...casualty, ...over }, new Set([SECTION]), TODAY);

test('a casualty with only a tag and a category is accepted', () => {
  expect(judge({})).toEqual({
    tag: 'K 17',
    category: 'SK_II',
    byPhysician: false,
    transportPriority: false,
    needs: [],
    ventilated: false,
    physicianEscort: false,
    pzc: null,
    position: null,
    section: null,
    origin: 'CIVILIAN',
    identity: null,
  });
});

test.each<[string, Partial<Casualty>, Partial<AcceptedCasualty>]>([
  ['spaces around a tag', { tag: ' K 17 ' }, { tag: 'K 17' }],
  ['separators of a PZC', { pzc: '332-76-1' }, { pzc: '332761' }],
  ['needs named twice', { needs: ['BURNS', 'CHILD', 'BURNS'] }, { needs: ['BURNS', 'CHILD'] }],
  [
    'a physician who did not triage',
    { category: 'UNTRIAGED', physician: true },
    { byPhysician: false },
  ],
  ['spaces around a name', { name: ' A B ' }, { identity: { name: 'A B', dateOfBirth: null } }],
])('%s are ignored', (_, over, kept) => {
  expect(judge(over)).toMatchObject(kept);
});

test.each<[string, Partial<Casualty>, string]>([
  ['no tag', { tag: ' ' }, 'InvalidTag'],
  ['a tag of 65 characters', { tag: 'x'.repeat(65) }, 'InvalidTag'],
  ['a PZC with priority 4', { pzc: '332-76-4' }, 'InvalidPzc'],
  ['a point off the globe', { position: { latitude: -91, longitude: 7 } }, 'InvalidPosition'],
  ['a section of another incident', { section: 'another' }, 'UnknownSection'],
  ['a name of no letters', { name: '' }, 'InvalidIdentity'],
  ['a name of 201 characters', { name: 'x'.repeat(201) }, 'InvalidIdentity'],
  ['a birth tomorrow', { dateOfBirth: '2026-01-16' }, 'InvalidIdentity'],
  ['a birth on no day', { dateOfBirth: '2001-02-29' }, 'InvalidIdentity'],
  ['a birth in words', { dateOfBirth: 'in May' }, 'InvalidIdentity'],
  ['a birth in 1879', { dateOfBirth: '1879-12-31' }, 'InvalidIdentity'],
  ['SK IV by nobody', { category: 'SK_IV' }, 'NotByPhysician'],
  ['EX by nobody', { category: 'EX' }, 'NotByPhysician'],
])('%s is refused', (_, over, refusal) => {
  expect(judge(over)).toMatchObject({ __typename: refusal, message: expect.any(String) });
});

test.each<Partial<Casualty>>([
  { tag: 'x'.repeat(64) },
  { section: SECTION },
  { category: 'EX', physician: true },
  { dateOfBirth: TODAY },
  { dateOfBirth: '2000-02-29' },
  { name: 'x'.repeat(200) },
])('at the boundary: %j is accepted', (over) => {
  expect(judge(over)).not.toHaveProperty('__typename');
});

test('a refused name is not repeated', () => {
  const name = 'Erika Mustermann '.repeat(20);
  expect(JSON.stringify(judge({ name }))).not.toContain('Erika');
});

test('a call names an incident or a facility, and 1 to 5,000 casualties', () => {
  const call = (over: object) =>
    registrationFault({ incident: 'i', casualties: [casualty], idempotencyKey: 'k', ...over });
  expect(call({})).toBeUndefined();
  expect(call({ incident: null, facility: 'f' })).toBeUndefined();
  expect(call({ facility: 'f' })).toContain('received both');
  expect(call({ incident: null })).toContain('received neither');
  expect(call({ casualties: [] })).toContain('received none');
  expect(call({ casualties: Array(MOST_CASUALTIES).fill(casualty) })).toBeUndefined();
  expect(call({ casualties: Array(MOST_CASUALTIES + 1).fill(casualty) })).toMatchObject({
    code: 'TOO_MUCH',
  });
});
