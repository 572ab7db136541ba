import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { declaration, declare } from '../testing/intakes.js';
import { declare as declarePhase } from '../testing/phases.js';
import { close, kreiseWith } from '../testing/facility-search.js';
import { reserve, slotRequest } from '../testing/reservations.js';

let world: CapacityWorld;
let kreise: { area: string; facilities: string[] }[];
beforeAll(async () => {
  world = await capacityWorld();
  kreise = await kreiseWith(world, 3);
});
afterAll(() => world.close());

const FACILITY = `id kind area latitude longitude traumaLevel capabilities reasons
  intake { category free limit method } closures { categories needs }`;
const facilitiesRaw = (filter: object, who?: Parameters<CapacityWorld['request']>[2]) =>
  world.request(
    `query ($filter: CasualtyFacilityFilter!) { casualtyFacilities(filter: $filter) { ${FACILITY} } }`,
    { filter },
    who,
  );
async function facilities(filter: object): Promise<any[]> {
  const { data, errors } = await facilitiesRaw(filter);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.casualtyFacilities;
}
const declareIntake = (facility: string, numbers: object[]) =>
  declare(world, declaration(world, facility, { numbers }));

test('a facility is listed once it takes casualties, with what is left and what stands against it', async () => {
  const { area, facilities: ids } = kreise.pop()!;
  const [facility] = ids as [string];
  expect(await facilities({ area })).toEqual([]);
  await declareIntake(facility, [
    { category: 'SK_I', immediate: 2 },
    { category: 'SK_II', immediate: 5 },
    { category: 'SK_IV', immediate: 5 },
  ]);
  await reserve(world, [slotRequest(facility, { category: null, intake: 'SK_II', count: 3 })]);
  await close(world, facility, { department: 'BURNS', urgencies: ['IMMEDIATE', 'INPATIENT'] });
  const [listed, ...others] = await facilities({ area });
  expect(others).toEqual([]);
  expect(listed).toMatchObject({
    id: facility,
    kind: 'HOSPITAL',
    area,
    traumaLevel: null,
    reasons: [],
    intake: [
      { category: 'SK_I', free: 2, limit: 2, method: 'REPORTED' },
      { category: 'SK_II', free: 2, limit: 5, method: 'REPORTED' },
    ],
    closures: [{ categories: ['SK_I', 'SK_II'], needs: ['BURNS'] }],
  });
  const { latitude, longitude } = listed;
  expect(await facilities({ near: { latitude, longitude, km: 0.1 } })).toEqual([listed]);
  expect(
    await facilities({ near: { latitude: Number(latitude) + 1, longitude, km: 100 } }),
  ).toEqual([]);
});

test('a threatened facility is listed with its reason, unless it is for the patients of that very hazard', async () => {
  const { area, facilities: ids } = kreise.pop()!;
  await declareIntake(ids[0]!, [{ category: 'SK_III', immediate: 1 }]);
  await declarePhase(world, { area, phase: 'CATASTROPHE', hazard: 'FLOOD' });
  const reasons = async (hazard: string) => (await facilities({ area, hazard }))[0].reasons;
  expect(await reasons('MASS_CASUALTY')).toEqual(['HAZARD']);
  expect(await reasons('FLOOD')).toEqual([]);
});

test('a filter that makes no sense and a caller without the scope are refused', async () => {
  for (const filter of [{ area: '5' }, { near: { latitude: 91, longitude: 0, km: 1 } }]) {
    expect((await facilitiesRaw(filter)).errors).toMatchObject([
      { extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  }
  const { errors } = await facilitiesRaw({}, { role: 'partner' });
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
});
