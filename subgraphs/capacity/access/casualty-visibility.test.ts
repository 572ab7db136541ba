import { casualtyVisibilityOf, seesIntake, seesReservedSlot } from './casualty-visibility.js';
import { sustainabilityVisibilityOf } from './sustainability-visibility.js';
import { claimSetFrom } from '../../../shared/identity/claims.js';
import { capacityWorld } from '../testing/capacity-world.js';

const FACILITY = '0a000000-0000-4000-8000-000000000000';
const OTHER = '0b000000-0000-4000-8000-000000000000';
const of = (role: string, claims: object = {}, caller: object = {}) =>
  casualtyVisibilityOf({ claims: claimSetFrom({ roles: [role], ...claims }), ...caller });

test.each([
  ['hospital', false],
  ['dispatch', true],
  ['crisis-staff', true],
  ['health-office', false],
  ['spoc', false],
  ['chamber', false],
  ['supplier', false],
  ['family-information', false],
  ['partner', false],
  ['service', false],
])('as %s the intake of a facility that is not one’s own is seen: %p', (role, isSeen) => {
  expect(seesIntake(of(role, { areas: [''], facilities: [OTHER] }), FACILITY)).toBe(isSeen);
});

test('a subgraph of the hub sees everything, a machine with the same rights does not', () => {
  const claims = { areas: [''] };
  expect(of('service', claims, { subgraph: 'patients' })).toMatchObject({
    everyIntake: true,
    areas: [''],
  });
  expect(of('service', claims)).toMatchObject({ everyIntake: false, areas: [] });
});

test('each role of a caller sees single casualties in its own areas alone', () => {
  const grants = [
    { role: 'dispatch', areas: ['05315'] },
    { role: 'spoc', areas: ['09'] },
    { role: 'health-office', areas: [''] },
    { role: 'hospital', facilities: [FACILITY], areas: ['11'] },
  ];
  const caller = { claims: claimSetFrom({ grants }) };
  expect(casualtyVisibilityOf(caller)).toMatchObject({
    areas: ['05315'],
    spocAreas: ['09'],
    facilities: [FACILITY],
  });
  const hours = [
    { role: 'dispatch', areas: ['05315'] },
    { role: 'service', areas: ['14'] },
    { role: 'spoc', areas: [''] },
  ];
  expect(sustainabilityVisibilityOf({ claims: claimSetFrom({ grants: hours }) })).toEqual({
    areas: ['05315'],
    facilities: [],
  });
});

test('SQL decides of every slot as the rule does', async () => {
  const world = await capacityWorld();
  const prefixes = [[], [''], ['05'], ['053'], ['05315'], ['09', '05315'], ['09']];
  const cases = prefixes.flatMap((areas) =>
    prefixes.flatMap((spocAreas) =>
      [[], [FACILITY], [OTHER, FACILITY], [OTHER]].flatMap((facilities) =>
        [null, '05315', '09162'].flatMap((origin) =>
          [true, false].map((approvedBySpoc) => ({
            visibility: { areas, spocAreas, facilities },
            slot: { facility: FACILITY, area: '05111', origin, approvedBySpoc },
          })),
        ),
      ),
    ),
  );
  for (const { visibility, slot } of cases) {
    const { rows } = await world.pool.query(
      'SELECT coalesce(sees_reserved_slot($1, $2, $3, $4, $5, $6, $7), false) AS seen',
      [
        slot.facility,
        slot.area,
        slot.origin,
        slot.approvedBySpoc,
        visibility.facilities,
        visibility.areas,
        visibility.spocAreas,
      ],
    );
    expect({ visibility, slot, seen: rows[0].seen }).toEqual({
      visibility,
      slot,
      seen: seesReservedSlot(visibility, slot),
    });
  }
  await world.close();
});
