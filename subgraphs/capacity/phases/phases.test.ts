import { randomUUID } from 'node:crypto';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { ALLIANCE_CASE, declare, declareRaw, end, endRaw } from '../testing/phases.js';
import { facilitiesOf } from '../testing/reports.js';

let world: CapacityWorld;
beforeAll(async () => {
  world = await capacityWorld();
});
afterAll(() => world.close());

/** Every test begins in everyday work. */
afterEach(async () => {
  for (const { id } of await phasesOf('')) await end(world, id);
});

const phasesOf = async (area?: string) =>
  (
    await world.request(
      `query ($area: String) { phases(area: $area) { id area phase hazard legalBasis } }`,
      { area },
    )
  ).data.phases;

const facility = async (id: string) =>
  (
    await world.request(
      `query ($id: ID!) { facility(id: $id) { phase phases { phase hazard area } } }`,
      {
        id,
      },
    )
  ).data.facility;

describe('in force', () => {
  test('where nothing is declared it is everyday work', async () => {
    const [cologne] = await facilitiesOf(world, '05315');
    expect(await facility(cologne!)).toEqual({ phase: 'EVERYDAY', phases: [] });
    expect(await phasesOf()).toEqual([]);
  });

  test('a declaration holds in its area and nowhere else, until it is ended', async () => {
    const [cologne] = await facilitiesOf(world, '05315');
    const [munich] = await facilitiesOf(world, '09162');
    const { id, ...declaration } = await declare(world, { area: '053' });
    expect(declaration).toEqual({
      __typename: 'PhaseDeclaration',
      area: '053',
      phase: 'MASS_CASUALTY',
      hazard: 'MASS_CASUALTY',
      legalBasis: 'RettG NRW § 7',
      declaredAt: world.clock.now.toISOString(),
      endedAt: null,
      endReason: null,
    });
    expect((await facility(cologne!)).phase).toBe('MASS_CASUALTY');
    expect((await facility(munich!)).phase).toBe('EVERYDAY');
    world.later(10);
    expect(await end(world, id, 'all are in hospital')).toMatchObject({
      id,
      endedAt: world.clock.now.toISOString(),
      endReason: 'all are in hospital',
    });
    expect((await facility(cologne!)).phase).toBe('EVERYDAY');
  });

  test('several are in force at once, the strictest decides, and none overwrites another', async () => {
    const [cologne] = await facilitiesOf(world, '05315');
    const [bonn] = await facilitiesOf(world, '05314');
    await declare(world, { phase: 'CATASTROPHE', hazard: 'FLOOD', area: '05315' });
    world.later(1);
    await declare(world, { phase: 'CATASTROPHE', hazard: 'FLOOD', area: '05314' });
    world.later(1);
    const casualties = await declare(world, { area: '05315' });
    world.later(1);
    await declare(world, { phase: 'CATASTROPHE', hazard: 'CYBER_ATTACK', area: '05' });
    expect(await facility(cologne!)).toEqual({
      phase: 'CATASTROPHE',
      phases: [
        { phase: 'CATASTROPHE', hazard: 'FLOOD', area: '05315' },
        { phase: 'CATASTROPHE', hazard: 'CYBER_ATTACK', area: '05' },
        { phase: 'MASS_CASUALTY', hazard: 'MASS_CASUALTY', area: '05315' },
      ],
    });
    const alliance = await declare(world, ALLIANCE_CASE);
    expect((await facility(bonn!)).phase).toBe('ALLIANCE_CASE');
    await end(world, alliance.id);
    await end(world, casualties.id);
    expect((await facility(bonn!)).phases).toHaveLength(2);
    expect((await facility(cologne!)).phases).toHaveLength(2);
    expect(await phasesOf('')).toHaveLength(3);
  });

  test('an area shows what holds in it, around it, and in parts of it', async () => {
    await declare(world, { area: '05315' });
    await declare(world, { area: '09', phase: 'PANDEMIC', hazard: 'PANDEMIC' });
    const areas = async (area: string) =>
      (await phasesOf(area)).map((declared: { area: string }) => declared.area);
    expect(await areas('')).toEqual(['09', '05315']);
    expect(await areas('05')).toEqual(['05315']);
    expect(await areas('09162')).toEqual(['09']);
    expect(await areas('01')).toEqual([]);
    const { data } = await world.request(`{
      de: region(code: "DE") { phases { area } } west: region(code: "WEST") { phases { area } }
      bavaria: region(code: "SUED") { phases { area } } munich: region(code: "09162") { phases { area } }
      north: region(code: "NORD") { phases { area } } bonn: region(code: "05314") { phases { area } } }`);
    expect(data).toEqual({
      de: { phases: [{ area: '09' }, { area: '05315' }] },
      west: { phases: [{ area: '05315' }] },
      bavaria: { phases: [{ area: '09' }] },
      munich: { phases: [{ area: '09' }] },
      north: { phases: [] },
      bonn: { phases: [] },
    });
  });

  test('an area that is none is refused', async () => {
    const { errors } = await world.request('{ phases(area: "NRW") { id } }');
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});

describe('declaring is refused', () => {
  test('for everyday work', async () => {
    expect(await declare(world, { phase: 'EVERYDAY' })).toMatchObject({
      __typename: 'PhaseNotDeclarable',
      phase: 'EVERYDAY',
    });
  });

  test.each(['', 'Landesrecht'])(
    'without the article of the Grundgesetz: "%s"',
    async (legalBasis) => {
      expect(await declare(world, { ...ALLIANCE_CASE, legalBasis })).toMatchObject({
        __typename: 'InvalidLegalBasis',
        article: 'Art. 80a GG',
      });
    },
  );

  test('without any legal basis', async () => {
    expect(await declare(world, { legalBasis: ' ' })).toMatchObject({
      __typename: 'InvalidLegalBasis',
      article: null,
    });
  });

  test('for an area too small for the phase', async () => {
    expect(await declare(world, { ...ALLIANCE_CASE, area: '05' })).toMatchObject({
      __typename: 'AreaTooNarrow',
      area: '05',
      mostDigits: 0,
    });
  });

  test('for an area that no region has', async () => {
    expect(await declare(world, { area: '05999' })).toMatchObject({
      __typename: 'UnknownArea',
      area: '05999',
    });
  });

  test.each(['NRW', '0531'])('for a text that is no area: %s', async (area) => {
    const { errors } = await declareRaw(world, { area });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('where the same is in force; after its end it may be declared again', async () => {
    const first = await declare(world);
    world.later(1);
    const { __typename, phaseDeclaration } = await declare(world);
    expect({ __typename, id: phaseDeclaration.id }).toEqual({
      __typename: 'PhaseDeclarationExists',
      id: first.id,
    });
    await end(world, first.id);
    expect(await declare(world)).toMatchObject({ __typename: 'PhaseDeclaration' });
  });

  test('with a key that was used for something else', async () => {
    const idempotencyKey = randomUUID();
    await declare(world, { idempotencyKey });
    expect(await declare(world, { idempotencyKey, area: '09162' })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      field: 'declarePhase',
    });
  });

  test('and nobody receives what was refused', async () => {
    await declare(world);
    const before = await world.eventCount();
    await declare(world);
    await declare(world, { legalBasis: '' });
    await declare(world, { area: '05999' });
    expect(await world.eventCount()).toBe(before);
  });
});

test('ten who declare the same at once put it in force once', async () => {
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => declare(world)));
  const names = outcomes.map(({ __typename }) => __typename);
  expect(names.filter((name) => name === 'PhaseDeclaration')).toHaveLength(1);
  expect(names.filter((name) => name === 'PhaseDeclarationExists')).toHaveLength(9);
  expect(await phasesOf('')).toHaveLength(1);
});

test('a call repeated with its key declares once', async () => {
  const idempotencyKey = randomUUID();
  const [first, second] = await Promise.all([
    declare(world, { idempotencyKey }),
    declare(world, { idempotencyKey }),
  ]);
  expect(second).toEqual(first);
  expect(await phasesOf('')).toHaveLength(1);
});

describe('who may', () => {
  const code = ({ errors }: { errors?: { extensions: { code: string } }[] }) =>
    errors?.[0]!.extensions.code;
  const kreis = { role: 'crisis-staff', areas: ['05315'] };

  test.each(['', '05315'])(
    'a user of a Kreis gets FORBIDDEN for a phase of the federation, declared for "%s"',
    async (area) => {
      expect(code(await declareRaw(world, { ...ALLIANCE_CASE, area }, kreis))).toBe('FORBIDDEN');
      expect(await phasesOf('')).toEqual([]);
    },
  );

  test('and may neither end one', async () => {
    const { id } = await declare(world, ALLIANCE_CASE);
    expect(code(await endRaw(world, id, 'enough', kreis))).toBe('FORBIDDEN');
    expect(await phasesOf('')).toHaveLength(1);
  });

  test('each declares in his own area only', async () => {
    expect(code(await declareRaw(world, { area: '05' }, kreis))).toBe('FORBIDDEN');
    expect(code(await declareRaw(world, { area: '05314' }, kreis))).toBe('FORBIDDEN');
    expect(await declare(world, { area: '05315' }, kreis)).toMatchObject({ area: '05315' });
  });

  test.each([
    ['dispatch', 'MASS_CASUALTY', true],
    ['dispatch', 'PANDEMIC', false],
    ['dispatch', 'CATASTROPHE', false],
    ['dispatch', 'SUPRAREGIONAL_MASS_CASUALTY', false],
    ['health-office', 'MASS_CASUALTY', false],
    ['health-office', 'PANDEMIC', true],
    ['health-office', 'CATASTROPHE', false],
    ['crisis-staff', 'SUPRAREGIONAL_MASS_CASUALTY', true],
    ['crisis-staff', 'CATASTROPHE', true],
    ['hospital', 'MASS_CASUALTY', false],
    ['service', 'MASS_CASUALTY', false],
  ])('%s declares %s: %s', async (role, phase, expected) => {
    const { data, errors } = await declareRaw(
      world,
      { area: '05', phase },
      { role, areas: ['05'] },
    );
    if (expected) expect(data.declarePhase).toMatchObject({ phase });
    else expect(code({ errors: errors! })).toBe('FORBIDDEN');
  });

  test('every role sees what is in force, partners too', async () => {
    await declare(world);
    const { data } = await world.request('{ phases { phase } }', {}, { role: 'partner' });
    expect(data.phases).toEqual([{ phase: 'MASS_CASUALTY' }]);
  });
});

describe('ending', () => {
  test('is repeated without harm, and refused to who gives another reason', async () => {
    const { id } = await declare(world);
    world.later(1);
    const ended = await end(world, id, 'all are in hospital');
    const before = await world.eventCount();
    world.later(1);
    expect(await end(world, id, 'all are in hospital')).toEqual(ended);
    expect(await end(world, id, 'false alarm')).toMatchObject({
      __typename: 'PhaseDeclarationEnded',
      phaseDeclaration: { id, endReason: 'all are in hospital' },
    });
    expect(await world.eventCount()).toBe(before);
  });

  test('two who end it for different reasons at once: one does', async () => {
    const { id } = await declare(world);
    const outcomes = await Promise.all([end(world, id, 'one'), end(world, id, 'two')]);
    expect(outcomes.map(({ __typename }) => __typename).sort()).toEqual([
      'PhaseDeclaration',
      'PhaseDeclarationEnded',
    ]);
  });

  test.each(['nothing', '00000000-0000-0000-0000-000000000000'])(
    'is refused for an id that no declaration has: %s',
    async (id) => {
      expect(await end(world, id)).toMatchObject({
        __typename: 'UnknownPhaseDeclaration',
        phaseDeclarationId: id,
      });
    },
  );

  test.each(['', ' ', 'x'.repeat(501)])('is refused without a reason', async (reason) => {
    const { id } = await declare(world);
    const { errors } = await endRaw(world, id, reason);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('keeps on record who declared, on what ground, and who ended it and why', async () => {
    const { id } = await declare(world);
    await end(world, id, 'all are in hospital');
    const { rows } = await world.pool.query(
      'SELECT legal_basis, declared_by, ended_by, end_reason FROM phase_declaration WHERE id = $1',
      [id],
    );
    expect(rows).toEqual([
      {
        legal_basis: 'RettG NRW § 7',
        declared_by: expect.stringMatching(/./),
        ended_by: expect.stringMatching(/./),
        end_reason: 'all are in hospital',
      },
    ]);
  });
});
