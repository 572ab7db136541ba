import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { declare } from '../testing/phases.js';
import { act, close, kreiseWith, searchFacilities } from '../testing/facility-search.js';
import { declareIntake } from '../testing/reservations.js';

let world: CapacityWorld;
beforeAll(async () => {
  world = await capacityWorld();
});
afterAll(() => world.close());

const CATASTROPHE = { phase: 'CATASTROPHE', hazard: 'FLOOD', legalBasis: 'BHKG NRW § 1' };

test('a flood, a cyber-attack and a mass casualty are one picture, and none overwrites another', async () => {
  const [west, east, south] = await kreiseWith(world, 2, '05');
  const [attacked, flooded] = west!.facilities as [string, string];
  const [alsoFlooded] = east!.facilities as [string];
  const [spared] = south!.facilities as [string];
  for (const facility of [attacked, flooded, alsoFlooded, spared]) {
    await declareIntake(world, facility, { immediate: 2 });
  }
  const floodWest = await declare(world, { area: west!.area, ...CATASTROPHE });
  const floodEast = await declare(world, { area: east!.area, ...CATASTROPHE });
  const closure = await close(world, attacked, {
    hazard: 'CYBER_ATTACK',
    reason: 'all computers are encrypted',
  });
  const casualties = await declare(world, { area: west!.area });
  const casualtiesSouth = await declare(world, { area: south!.area });

  const filter = { area: '05', intake: ['SK_I'], hazard: 'MASS_CASUALTY' };
  const picture = async () => {
    const { nodes, totalCount, leftOut } = await searchFacilities(world, filter);
    const those = [attacked, flooded, alsoFlooded, spared];
    expect(Number(totalCount) + Number(leftOut.totalCount)).toBe(await acuteFacilities());
    return {
      usable: nodes,
      leftOut: leftOut.nodes.filter(({ facility }: any) => those.includes(facility.id)),
    };
  };

  const before = await picture();
  expect(before.usable).toMatchObject([
    { facility: { id: spared }, phase: 'MASS_CASUALTY', hazards: ['MASS_CASUALTY'], cautions: [] },
  ]);
  expect(byFacility(before.leftOut)).toEqual({
    [attacked]: {
      phase: 'CATASTROPHE',
      hazards: ['FLOOD', 'MASS_CASUALTY'],
      reasons: [
        { code: 'HAZARD', hazard: 'FLOOD', phase: floodWest.id, closure: undefined },
        { code: 'CLOSED', hazard: 'CYBER_ATTACK', phase: undefined, closure },
      ],
    },
    [flooded]: {
      phase: 'CATASTROPHE',
      hazards: ['FLOOD', 'MASS_CASUALTY'],
      reasons: [{ code: 'HAZARD', hazard: 'FLOOD', phase: floodWest.id, closure: undefined }],
    },
    [alsoFlooded]: {
      phase: 'CATASTROPHE',
      hazards: ['FLOOD'],
      reasons: [{ code: 'HAZARD', hazard: 'FLOOD', phase: floodEast.id, closure: undefined }],
    },
  });

  const { data } = await world.request('{ phases(area: "05") { id } }');
  const inForce = [floodWest, floodEast, casualties, casualtiesSouth].map(({ id }) => id);
  expect(data.phases.map(({ id }: any) => id).sort()).toEqual(inForce.sort());

  await act(world, 'endPhase', 'PhaseDeclaration', { phase: floodWest.id, reason: 'it is dry' });
  const after = await picture();
  expect(after.usable.map(({ facility }: any) => facility.id).sort()).toEqual(
    [flooded, spared].sort(),
  );
  expect(byFacility(after.leftOut)).toMatchObject({
    [attacked]: { phase: 'MASS_CASUALTY', reasons: [{ code: 'CLOSED', hazard: 'CYBER_ATTACK' }] },
    [alsoFlooded]: { phase: 'CATASTROPHE', reasons: [{ code: 'HAZARD', hazard: 'FLOOD' }] },
  });
});

async function acuteFacilities(): Promise<number> {
  const { rows } = await world.pool.query(
    `SELECT count(*)::int AS acute FROM facility WHERE kind IN ('HOSPITAL', 'BUNDESWEHR_HOSPITAL') AND area LIKE '05%'`,
  );
  return rows[0].acute;
}

/** Fails where a facility is there twice. */
function byFacility(nodes: any[]) {
  expect(new Set(nodes.map(({ facility }) => facility.id)).size).toBe(nodes.length);
  return Object.fromEntries(
    nodes.map(({ facility, phase, hazards, reasons }) => [
      facility.id,
      {
        phase,
        hazards,
        reasons: reasons.map((reason: any) => ({
          code: reason.code,
          hazard: reason.hazard,
          phase: reason.phase?.id,
          closure: reason.closure?.id,
        })),
      },
    ]),
  );
}
