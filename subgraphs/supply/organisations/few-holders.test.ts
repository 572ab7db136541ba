import { facilitiesIn } from '../testing/facilities.js';
import { newOrganisation } from '../testing/organisations.js';
import { book } from '../testing/stocks.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../testing/supply-world.js';
import { fewHolders } from './index.js';

const LAND = '05';
const KREIS = '05315';

let world: SupplyWorld;
let organisation: string;
let facilities: string[];
beforeAll(async () => {
  world = await supplyWorld();
  organisation = await newOrganisation(world, { kind: 'DEPOT', area: KREIS });
  facilities = (await facilitiesIn(world, KREIS, 200)).sort();
});
afterAll(() => world.close());

const all = { area: null, ids: [], facilityAreas: [''], organisationAreas: [''] };
const found = async (changes: object) => {
  const ids = await fewHolders(world.pool, { ...all, ...changes });
  return ids && [...ids].sort();
};

test('the few holders of a Kreis are named, and those of a Land are too many', async () => {
  const ofKreis = [...facilities, organisation].sort();
  expect(await found({ area: KREIS })).toEqual(ofKreis);
  expect(await found({ facilityAreas: [KREIS], organisationAreas: [KREIS] })).toEqual(ofKreis);
  expect(await found({ area: LAND })).toBeNull();
});

test('they are those that the caller sees: by areas of their own for facilities and organisations, or by name', async () => {
  expect(await found({ area: KREIS, organisationAreas: [] })).toEqual(facilities);
  expect(await found({ area: KREIS, facilityAreas: [] })).toEqual([organisation]);
  const named = { ids: [facilities[0]!, organisation], facilityAreas: [], organisationAreas: [] };
  expect(await found(named)).toEqual([facilities[0]!, organisation].sort());
  expect(await found({ ...named, area: '09' })).toEqual([]);
});

test('a list has the same stocks whether its holders are few or many', async () => {
  const [here] = facilities;
  const [elsewhere] = await facilitiesIn(world, '09', 1);
  for (const facility of [here, elsewhere]) await book(world, { facility: facility!, quantity: 5 });
  const holders = async (area: string, who: TestIdentity) => {
    const { data } = await world.request(
      'query ($area: String) { stocks(filter: { area: $area }) { nodes { facility { id } } } }',
      { area },
      who,
    );
    return data.stocks.nodes.map(({ facility }: any) => facility.id);
  };
  for (const areas of [[''], [LAND], [KREIS]]) {
    const staff: TestIdentity = { role: 'crisis-staff', areas };
    for (const area of [LAND, KREIS]) expect(await holders(area, staff)).toEqual([here]);
    const everywhere = await holders('', staff);
    expect(new Set(everywhere)).toEqual(new Set(areas[0] === '' ? [here, elsewhere] : [here]));
  }
});
