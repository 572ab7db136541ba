import { randomUUID } from 'node:crypto';
import { issueDevelopmentToken } from '../shared/identity/development-issuer.js';
import { postGraphQL } from '../shared/testing/graphql-response.js';
import { startHub, type RunningHub } from './running-hub.js';

let hub: RunningHub;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.stop());

async function request(query: string, variables: object = {}): Promise<any> {
  const token = await issueDevelopmentToken(hub.environment['VIERBLATT_DATA']!, 'vierblatt', {
    role: 'crisis-staff',
    areas: [''],
    facilities: [],
    ttl: 600,
  });
  const { data, errors } = await postGraphQL(
    hub.url,
    { query, variables },
    { authorization: `Bearer ${token}` },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

const REASONS =
  'reasons { code message hazard phase { area hazard } closure { department until } }';
const SEARCH = `query ($filter: PlaceFilter, $first: Int) {
  places(filter: $filter, first: $first) {
    totalCount
    nodes { facility { id name } phase hazards beds { category usable free stale provenance { source } ${REASONS} }
      intake { category usable limit method ${REASONS} } cautions { code closure { id } } }
    leftOut(first: $first) { totalCount nodes { facility { id name } ${REASONS} } } } }`;
const ICU = { categories: ['ICU_UNSPECIFIED'], intake: ['SK_I'] };

test('a control room gets all of Germany in one query: the largest pages of those usable and those left out', async () => {
  const { places: found } = await request(SEARCH, { filter: ICU, first: 500 });
  expect(Number(found.totalCount) + Number(found.leftOut.totalCount)).toBeGreaterThan(1_500);
  expect(found.leftOut.nodes.every(({ reasons }: any) => reasons.length > 0)).toBe(true);
});

test('a facility in a flood is left out for that, whatever it reports, until the flood is over', async () => {
  const { facilities } = await request(
    '{ facilities(filter: { area: "14", kinds: [HOSPITAL] }, first: 1) { nodes { id area } } }',
  );
  const [hospital] = facilities.nodes;
  const beds = { facility: hospital.id, category: 'ICU_UNSPECIFIED', operable: 9, occupied: 5 };
  await request(
    'mutation ($input: ReportCapacityInput!) { reportCapacity(input: $input) { __typename } }',
    { input: { ...beds, source: 'the hub itself', observedAt: new Date().toISOString() } },
  );
  const filter = { area: hospital.area, ...ICU };
  const usable = async () =>
    (await request(SEARCH, { filter, first: 100 })).places.nodes.find(
      ({ facility }: any) => facility.id === hospital.id,
    );
  expect(await usable()).toMatchObject({
    beds: [{ usable: 4, provenance: { source: 'the hub itself' } }],
  });

  const { declarePhase } = await request(
    'mutation ($input: DeclarePhaseInput!) { declarePhase(input: $input) { ... on PhaseDeclaration { id } } }',
    {
      input: {
        area: hospital.area,
        phase: 'CATASTROPHE',
        hazard: 'FLOOD',
        legalBasis: 'SächsBRKG § 47',
        idempotencyKey: randomUUID(),
      },
    },
  );
  expect(await usable()).toBeUndefined();
  const { places: found } = await request(SEARCH, { filter, first: 100 });
  const left = found.leftOut.nodes.find(({ facility }: any) => facility.id === hospital.id);
  expect(left.reasons).toContainEqual({
    code: 'HAZARD',
    message: expect.any(String),
    hazard: 'FLOOD',
    phase: { area: hospital.area, hazard: 'FLOOD' },
    closure: null,
  });

  await request('mutation ($input: EndPhaseInput!) { endPhase(input: $input) { __typename } }', {
    input: { phase: declarePhase.id, reason: 'the water has receded' },
  });
  expect(await usable()).toBeDefined();
});
