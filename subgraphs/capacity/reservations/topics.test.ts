import { concerns, eventsOf, type ChangedItem } from './topics.js';

const AT = new Date('2026-01-15T09:00:00.000Z');
const A = '0a000000-0000-4000-8000-000000000000';
const B = '05300000-0000-4000-8000-000000000000';
const item = (facility: string, area: string, changes: object = {}): ChangedItem => ({
  ...{ reservation: 'r', facility, area, category: 'ECMO', intake: null },
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
      ...{ entity: 'r', area: '053', tags: [A, '05315', B, '05316'], at: AT },
    },
    {
      topic: 'capacity.beds-claimed',
      ...{ entity: A, area: '05315', tags: ['ECMO', 'SK_I'], at: AT },
    },
    { topic: 'capacity.beds-claimed', ...{ entity: B, area: '05316', tags: ['ECMO'], at: AT } },
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
  expect(concerns({ tags: [A, '05315'] }, watched)).toBe(isConcerned);
});

test('the id of a facility is never taken for an area, however it begins', () => {
  expect(concerns({ tags: [B, '09162'] }, { area: '053' })).toBe(false);
});
