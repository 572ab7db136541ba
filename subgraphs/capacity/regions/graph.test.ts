import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { declaration, declare } from '../testing/intakes.js';
import { facilitiesOf, report, sendAll } from '../testing/reports.js';

let world: CapacityWorld;
beforeAll(async () => {
  world = await capacityWorld();
});
afterAll(() => world.close());

async function read(query: string, variables: object = {}) {
  const { data, errors } = await world.request(query, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const regionsOf = async (level: string, within?: string): Promise<string[]> => {
  const { regions } = await read(
    `query ($level: RegionLevel!, $within: String) { regions(level: $level, within: $within) { code } }`,
    { level, within },
  );
  return regions.map(({ code }: { code: string }) => code);
};

test('a Kreis leads up to Germany by the region of each larger level', async () => {
  const { region } =
    await read(`{ region(code: "05315") { kleeblatt parent { code parent { code parent {
    code level parent { code kleeblatt parent { code } } } } } } }`);
  expect(region).toEqual({
    kleeblatt: 'WEST',
    parent: {
      code: '053',
      parent: {
        code: '05',
        parent: {
          code: 'WEST',
          level: 'KLEEBLATT',
          parent: { code: 'DE', kleeblatt: null, parent: null },
        },
      },
    },
  });
});

test.each(['COUNTRY', 'KLEEBLATT', 'LAND', 'REGIERUNGSBEZIRK', 'KREIS'])(
  'every region of the level %s is among the children of its parent, and the parent of its children',
  async (level) => {
    const { regions } = await read(
      `query ($level: RegionLevel!) { regions(level: $level) { code population
        parent { children { code } } children { population parent { code } } } }`,
      { level },
    );
    for (const { code, population, parent, children } of regions) {
      if (parent) expect(parent.children).toContainEqual({ code });
      for (const child of children) expect(child.parent).toEqual({ code });
      const inhabitants = children.reduce(
        (sum: number, child: { population: number }) => sum + child.population,
        0,
      );
      expect(inhabitants).toBe(level === 'KREIS' ? 0 : population);
      // The number by which the gateway prices the list.
      expect(children.length).toBeLessThanOrEqual(25);
    }
  },
);

test('regions of a level are listed within a larger one, and within themselves', async () => {
  expect(await regionsOf('LAND', 'NORD')).toEqual(['01', '02', '03', '04', '13']);
  expect(await regionsOf('REGIERUNGSBEZIRK', '05')).toEqual(['051', '053', '055', '057', '059']);
  expect(await regionsOf('KREIS', '05315')).toEqual(['05315']);
  expect(await regionsOf('KLEEBLATT', 'WEST')).toEqual(['WEST']);
  expect(await regionsOf('KREIS', 'DE')).toHaveLength(401);
  expect(await regionsOf('KREIS', '11')).toEqual(['11000']);
});

test('no region lies within a smaller one', async () => {
  expect(await regionsOf('LAND', '053')).toEqual([]);
  expect(await regionsOf('KLEEBLATT', '05')).toEqual([]);
  expect(await regionsOf('COUNTRY', 'WEST')).toEqual([]);
});

test.each(['99', 'nowhere', "0'5"])(
  'regions within %s, which is no region, are refused as bad input',
  async (within) => {
    const { data, errors } = await world.request(
      `query ($within: String!) { regions(level: KREIS, within: $within) { code } }`,
      { within },
    );
    expect(data.regions).toBeNull();
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  },
);

test('a Kreis lies at its centroid, a larger region where its inhabitants live on average', async () => {
  const { kreis, land, parts } = await read(`{
    kreis: region(code: "11000") { position { latitude longitude } }
    land: region(code: "10") { position { latitude longitude } }
    parts: regions(level: KREIS, within: "10") { population position { latitude longitude } } }`);
  expect(kreis.position).toEqual({ latitude: 52.5002, longitude: 13.3984 });
  const inhabitants = parts.reduce(
    (sum: number, part: { population: number }) => sum + part.population,
    0,
  );
  for (const axis of ['latitude', 'longitude']) {
    const weighted = parts.reduce(
      (sum: number, p: any) => sum + p.population * p.position[axis],
      0,
    );
    expect(land.position[axis]).toBeCloseTo(weighted / inhabitants, 3);
  }
});

test('every region has a position', async () => {
  for (const level of ['COUNTRY', 'KLEEBLATT', 'LAND', 'REGIERUNGSBEZIRK', 'KREIS']) {
    const { regions } = await read(
      `query ($level: RegionLevel!) { regions(level: $level) { code position { latitude } } }`,
      { level },
    );
    for (const { position } of regions) expect(position.latitude).toBeGreaterThan(47);
  }
});

test('beside the area of a facility and of a declaration stands its region', async () => {
  const declare = (area: string, phase: string) =>
    read(
      `mutation ($input: DeclarePhaseInput!) { declarePhase(input: $input) {
        ... on PhaseDeclaration { area region { code } } ... on AreaTooNarrow { area region { code } } } }`,
      {
        input: {
          area,
          phase,
          hazard: 'FLOOD',
          legalBasis: 'BHKG',
          idempotencyKey: `${phase} ${area}`,
        },
      },
    );
  expect((await declare('05', 'CATASTROPHE')).declarePhase).toEqual({
    area: '05',
    region: { code: '05' },
  });
  expect((await declare('', 'CATASTROPHE')).declarePhase).toEqual({
    area: '',
    region: { code: 'DE' },
  });
  expect((await declare('05315', 'SUPRAREGIONAL_MASS_CASUALTY')).declarePhase).toEqual({
    area: '05315',
    region: { code: '05315' },
  });
  const { facilities } = await read(
    `{ facilities(first: 100) { nodes { area region { code } } } }`,
  );
  for (const { area, region } of facilities.nodes) expect(region).toEqual({ code: area });
});

test('an object has one id in every response, whatever the filter, the numbers and the time', async () => {
  const [facility] = (await facilitiesOf(world, '05315')) as [string];
  const ids = async (): Promise<Record<string, string>> => {
    const {
      region,
      byKreis,
      facility: shown,
    } = await read(
      `query ($facility: ID!) {
        region(code: "05315") { id beds { category id } }
        byKreis: regions(level: KREIS, within: "053") { id beds(category: ICU_UNSPECIFIED) { id } }
        facility(id: $facility) { region { id } beds { category id }
          one: beds(category: ICU_UNSPECIFIED) { id } intake { category id } } }`,
      { facility },
    );
    const icu = ({ category }: any) => category === 'ICU_UNSPECIFIED';
    const again = byKreis.find(({ id }: any) => id === region.id);
    expect(again.beds[0].id).toBe(region.beds.find(icu).id);
    expect(shown.region.id).toBe(region.id);
    expect(shown.one[0].id).toBe(shown.beds.find(icu).id);
    return {
      region: region.id,
      regionBeds: again.beds[0].id,
      beds: shown.one[0].id,
      intake: shown.intake[0].id,
    };
  };
  await sendAll(world, [report(world, facility)]);
  await declare(world, declaration(world, facility));
  const before = await ids();
  world.later(60);
  await sendAll(world, [report(world, facility, { occupied: 9 })]);
  expect(await ids()).toEqual(before);
});

test('the intake planned for an instant has another id than the present one, so that a cache keeps both', async () => {
  const [, facility] = await facilitiesOf(world, '05315', 2);
  await declare(world, declaration(world, facility!));
  const at = world.inHours(1);
  const planned = () =>
    read(
      `query ($facility: ID!, $at: DateTime!) { facility(id: $facility) {
        now: intake { id } later: intake(at: $at) { id } } }`,
      { facility, at },
    );
  const { now, later } = (await planned()).facility;
  expect(later[0].id).not.toBe(now[0].id);
  world.later(1);
  expect((await planned()).facility).toEqual({ now, later });
});

test('two objects of a type never share an id', async () => {
  const facilities = await facilitiesOf(world, '05315', 3);
  for (const facility of facilities) await declare(world, declaration(world, facility));
  const { regions, facilities: list } = await read(`{
    regions(level: KREIS, within: "053") { id
      icu: beds(category: ICU_UNSPECIFIED) { id } ecmo: beds(category: ECMO) { id } }
    facilities(filter: { area: "05315" }, first: 3) { nodes {
      icu: beds(category: ICU_UNSPECIFIED) { id } ecmo: beds(category: ECMO) { id } intake { id } } } }`);
  const idsOf = (objects: { id: string }[]) => objects.map(({ id }) => id);
  const bedsOf = (owners: any[]) => owners.flatMap(({ icu, ecmo }) => [...icu, ...ecmo]);
  for (const ids of [
    idsOf(regions),
    idsOf(bedsOf(regions)),
    idsOf(bedsOf(list.nodes)),
    idsOf(list.nodes.flatMap(({ intake }: any) => intake)),
  ]) {
    expect(ids.length).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(ids.length);
  }
});
