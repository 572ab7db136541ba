import { eachOnce } from '../../../shared/testing/each-once.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { declareCapabilities, declareCapabilitiesRaw, newKey } from '../testing/intakes.js';
import { facilitiesOf } from '../testing/reports.js';

let world: CapacityWorld;
let facilities: string[];
/** A facility no other test has declared anything for. */
const newFacility = eachOnce(() => facilities);

beforeAll(async () => {
  world = await capacityWorld();
  await world.pool.query(`UPDATE facility SET capabilities = '{}' WHERE starts_with(area, '05')`);
  facilities = await facilitiesOf(world, '05', 100);
});
afterAll(() => world.close());

const found = async (capabilities: string[]) => {
  const { data } = await world.request(
    `query ($capabilities: [Capability!]) {
      facilities(filter: { area: "05", capabilities: $capabilities }, first: 500) { nodes { id } } }`,
    { capabilities },
  );
  return data.facilities.nodes.map(({ id }: { id: string }) => id);
};
const countEvents = (facility: string) =>
  world.eventCount({ topic: 'capacity.capabilities-declared', entity: facility });

test('a facility can do what it declares, with its trauma level and where that comes from', async () => {
  const facility = newFacility();
  const outcome = await declareCapabilities(world, {
    facility,
    traumaLevel: 'REGIONAL',
    capabilities: ['CHILD', 'NEUROSURGERY'],
  });
  expect(outcome).toEqual({
    __typename: 'Facility',
    id: facility,
    traumaLevel: 'REGIONAL',
    capabilities: ['NEUROSURGERY', 'CHILD'],
    capabilityDeclarations: [
      {
        source: 'duty manager',
        method: 'REPORTED',
        traumaLevel: 'REGIONAL',
        capabilities: ['CHILD', 'NEUROSURGERY'],
        declaredAt: world.clock.now.toISOString(),
        inForce: true,
      },
    ],
  });
  expect(await countEvents(facility)).toBe(1);
});

test('where nothing was declared nothing is known, and nothing is found by it', async () => {
  const { data } = await world.request(
    'query ($id: ID!) { facility(id: $id) { traumaLevel capabilities capabilityDeclarations { source } } }',
    { id: newFacility() },
  );
  expect(data.facility).toEqual({
    traumaLevel: null,
    capabilities: [],
    capabilityDeclarations: [],
  });
});

test('a capability that the map shows stays beside what is declared', async () => {
  const facility = newFacility();
  await world.pool.query(`UPDATE facility SET capabilities = '{HELIPAD}' WHERE id = $1`, [
    facility,
  ]);
  const { capabilities } = await declareCapabilities(world, {
    facility,
    capabilities: ['BURNS'],
  });
  expect(capabilities).toEqual(['BURNS', 'HELIPAD']);
  expect(await found(['BURNS', 'HELIPAD'])).toContain(facility);
});

test('a list of facilities finds what is declared, and no more of what is not declared any longer', async () => {
  const facility = newFacility();
  await declareCapabilities(world, { facility, capabilities: ['ECMO', 'DIALYSIS'] });
  expect(await found(['ECMO', 'DIALYSIS'])).toEqual([facility]);
  expect(await found(['ECMO', 'OBSTETRICS'])).toEqual([]);
  world.later(1);
  await declareCapabilities(world, { facility, capabilities: ['DIALYSIS'] });
  expect(await found(['ECMO'])).toEqual([]);
});

test('a model counts until the facility speaks, and never again after that', async () => {
  const facility = newFacility();
  const model = { facility, source: 'model', method: 'MODELLED', traumaLevel: 'LOCAL' };
  expect(await declareCapabilities(world, model)).toMatchObject({ traumaLevel: 'LOCAL' });
  world.later(1);
  const own = { facility, traumaLevel: 'SUPRAREGIONAL', capabilities: ['BURNS'] };
  await declareCapabilities(world, own);
  world.later(1);
  const again = await declareCapabilities(world, { ...model, traumaLevel: 'REGIONAL' });
  expect(again).toMatchObject({ traumaLevel: 'SUPRAREGIONAL', capabilities: ['BURNS'] });
  expect(again.capabilityDeclarations).toMatchObject([
    { source: 'duty manager', inForce: true },
    { source: 'model', traumaLevel: 'REGIONAL', inForce: false },
  ]);
});

test('a facility that declares again replaces all it said before', async () => {
  const facility = newFacility();
  await declareCapabilities(world, {
    facility,
    traumaLevel: 'LOCAL',
    capabilities: ['BURNS'],
  });
  world.later(1);
  expect(await declareCapabilities(world, { facility, capabilities: ['CHILD'] })).toMatchObject({
    traumaLevel: null,
    capabilities: ['CHILD'],
    capabilityDeclarations: [{}],
  });
});

test('the facility counts where it and models speak at once, and all are kept', async () => {
  const facility = newFacility();
  const model = (n: number) => ({ facility, source: `model ${n}`, method: 'MODELLED' });
  const own = { facility, traumaLevel: 'LOCAL' };
  const all = [model(0), model(1), model(2), own, model(3), model(4)];
  await Promise.all(all.map((one) => declareCapabilities(world, one)));
  const { data } = await world.request(
    'query ($id: ID!) { facility(id: $id) { traumaLevel capabilityDeclarations { method inForce } } }',
    { id: facility },
  );
  expect(data.facility.traumaLevel).toBe('LOCAL');
  expect(data.facility.capabilityDeclarations).toEqual([
    { method: 'REPORTED', inForce: true },
    ...Array<object>(5).fill({ method: 'MODELLED', inForce: false }),
  ]);
});

test('a model that has to wait while the facility speaks is judged by what the facility said', async () => {
  const facility = newFacility();
  const speaking = await world.pool.connect();
  await speaking.query('BEGIN');
  await speaking.query('SELECT FROM facility WHERE id = $1 FOR NO KEY UPDATE', [facility]);
  const model = declareCapabilities(world, {
    facility,
    source: 'model',
    method: 'MODELLED',
  });
  await someoneWaits();
  await speaking.query(
    `WITH own AS (
       INSERT INTO capability_declaration (facility_id, source, method, trauma_level, capabilities, declared_at, declared_by)
       VALUES ($1, 'duty manager', 'REPORTED', 'LOCAL', '{}', $2, 'test') RETURNING id
     ) UPDATE facility SET declared_id = own.id FROM own WHERE facility.id = $1`,
    [facility, world.clock.now],
  );
  await speaking.query('COMMIT');
  speaking.release();
  expect(await model).toMatchObject({ traumaLevel: 'LOCAL' });
});

/** Resolves when a statement waits for a lock that another transaction holds. */
async function someoneWaits(): Promise<void> {
  const { rowCount } = await world.pool.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  if (!rowCount) await someoneWaits();
}

test('the same call again changes nothing; a key used for something else is refused', async () => {
  const facility = newFacility();
  const input = { facility, idempotencyKey: newKey(), capabilities: ['BURNS'] };
  await declareCapabilities(world, input);
  expect(await declareCapabilities(world, input)).toMatchObject({ capabilities: ['BURNS'] });
  expect(await declareCapabilities(world, { ...input, capabilities: [] })).toMatchObject({
    __typename: 'IdempotencyKeyReused',
  });
  expect(await countEvents(facility)).toBe(1);
});

test.each([
  ['an unknown facility', { facility: 'nobody' }, { __typename: 'UnknownFacility' }],
  ['no source', { source: '' }, { __typename: 'InvalidCapabilities', field: 'source' }],
])('a declaration is refused, and no event is sent: %s', async (_, changes, refusal) => {
  const facility = newFacility();
  expect(await declareCapabilities(world, { facility, ...changes })).toMatchObject(refusal);
  expect(await countEvents(facility)).toBe(0);
});

test('a capability that nobody knows is an error that names its position', async () => {
  const { errors } = await declareCapabilitiesRaw(world, {
    facility: newFacility(),
    capabilities: ['X_RAY'],
  });
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  expect(errors![0]!.message).toContain('input.capabilities[0]');
});

describe('who may declare', () => {
  test.each([
    [
      'the facility itself',
      (facility: string) => ({ role: 'hospital', facilities: [facility] }),
      true,
    ],
    ['another facility', () => ({ role: 'hospital', facilities: [facilities[99]!] }), false],
    ['an authority of its Land', () => ({ role: 'health-office', areas: ['05'] }), true],
    ['an authority of another Land', () => ({ role: 'crisis-staff', areas: ['09'] }), false],
    ['a role that only reads', () => ({ role: 'supplier', areas: [''] }), false],
  ])('%s', async (_, who, may) => {
    const facility = newFacility();
    const { data, errors } = await declareCapabilitiesRaw(world, { facility }, who(facility));
    if (may) expect(data.declareCapabilities).toMatchObject({ __typename: 'Facility' });
    else expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

test('a facility that treats children only says so, and the declaration in force shows it', async () => {
  const facility = newFacility();
  const childrenOnly = async () => {
    const { data } = await world.request(
      'query ($id: ID!) { facility(id: $id) { childrenOnly capabilityDeclarations { childrenOnly } } }',
      { id: facility },
    );
    return data.facility;
  };
  expect(await childrenOnly()).toEqual({ childrenOnly: false, capabilityDeclarations: [] });
  await declareCapabilities(world, {
    facility,
    capabilities: ['CHILD'],
    childrenOnly: true,
  });
  expect(await childrenOnly()).toEqual({
    childrenOnly: true,
    capabilityDeclarations: [{ childrenOnly: true }],
  });
  world.later(1);
  await declareCapabilities(world, { facility, capabilities: ['CHILD'] });
  expect(await childrenOnly()).toMatchObject({ childrenOnly: false });
});
