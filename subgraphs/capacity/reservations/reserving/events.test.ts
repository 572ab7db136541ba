import { concerns, eventsOf, type ChangedItem } from './events.js';

const EVERYWHERE = { facilities: [], areas: [''], spocAreas: [] };
const AT = new Date('2026-01-15T09:00:00.000Z');
const A = '0a000000-0000-4000-8000-000000000000';
const B = '05300000-0000-4000-8000-000000000000';
const item = (facility: string, area: string, changes: object = {}): ChangedItem => ({
  reservation: 'r',
  facility,
  area,
  category: 'ECMO',
  intake: null,
  origin: null,
  approvedBySpoc: false,
  ...changes,
});

test('one event for the reservation and one for each facility, with what is concerned', () => {
  const items = [
    item(A, '05315'),
    item(A, '05315', { category: null, intake: 'SK_I' }),
    item(B, '05316'),
  ];
  expect(eventsOf('capacity.reservation-made', 'capacity.beds-claimed', items, AT)).toEqual([
    {
      topic: 'capacity.reservation-made',
      entity: 'r',
      area: '053',
      tags: [`slot:05315:${A}`, `slot:05316:${B}`],
      at: AT,
    },
    {
      topic: 'capacity.beds-claimed',
      entity: A,
      area: '05315',
      tags: ['category:ECMO'],
      at: AT,
    },
    {
      topic: 'capacity.beds-claimed',
      entity: B,
      area: '05316',
      tags: ['category:ECMO'],
      at: AT,
    },
  ]);
});

test.each([
  [['05315'], '05315'],
  [['05315', '05316'], '053'],
  [['05315', '05111'], '05'],
  [['05315', '09162'], ''],
])('the area of a reservation in %j is what they have in common: "%s"', (areas, common) => {
  const items = areas.map((area, n) => item(`${n}`, area));
  expect(eventsOf('capacity.reservation-lapsed', undefined, items, AT)).toMatchObject([
    { area: common },
  ]);
});

test.each([
  [{}, true],
  [{ facility: A }, true],
  [{ facility: B }, false],
  [{ area: '' }, true],
  [{ area: '05' }, true],
  [{ area: '05315' }, true],
  [{ area: '09' }, false],
  [{ facility: A, area: '09' }, false],
])('an event at one facility concerns who watches %j: %s', (watched, isConcerned) => {
  for (const tag of [`slot:05315:${A}`, `05315:${A}`]) {
    expect(concerns({ tags: [tag] }, watched, EVERYWHERE)).toBe(isConcerned);
  }
});

test('the id of a facility is never taken for an area, however it begins', () => {
  expect(concerns({ tags: [`slot:09162:${B}`] }, { area: '053' }, EVERYWHERE)).toBe(false);
});

describe('an event concerns only callers who see one of its slots', () => {
  const nowhere = { facilities: [], areas: [], spocAreas: [] };
  const tagsOf = (...items: ChangedItem[]) => ({
    tags: eventsOf('capacity.reservation-made', undefined, items, AT)[0]!.tags,
  });
  const both = tagsOf(item(A, '05315'), item(B, '09162'));
  const relocated = tagsOf(item(A, '05315', { origin: '14612', approvedBySpoc: true }));

  test.each([
    ['the facility itself', both, {}, { facilities: [A] }, true],
    ['another facility', relocated, {}, { facilities: [B] }, false],
    ['the area of a slot', both, {}, { areas: ['09'] }, true],
    ['another area', both, {}, { areas: ['14'] }, false],
    ['the area the patients come from', relocated, {}, { areas: ['14'] }, true],
    [
      'the Kleeblatt of either end of a transfer that it approves',
      relocated,
      {},
      { spocAreas: ['14'] },
      true,
    ],
    [
      'the Kleeblatt of a transfer that it does not approve',
      both,
      {},
      { spocAreas: ['05', '09'] },
      false,
    ],
    [
      'a facility that requests the other slot of its reservation',
      both,
      { facility: B },
      { facilities: [A] },
      false,
    ],
    [
      'a facility that requests the area of the other slot',
      both,
      { area: '09' },
      { facilities: [A] },
      false,
    ],
  ])('%s', (_, event, watched, who, isConcerned) => {
    expect(concerns(event, watched, { ...nowhere, ...who })).toBe(isConcerned);
  });
});
