import { eachOnce } from '../../../shared/testing/each-once.js';
import { DAY_MINUTES } from '../../../shared/time/rules.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { facilitiesOf, report, send } from '../testing/reports.js';

let world: CapacityWorld;
let facilities: string[];
/** A facility of Upper Bavaria no other test has reported for. */
const newFacility = eachOnce(() => facilities);

beforeAll(async () => {
  world = await capacityWorld();
  facilities = await facilitiesOf(world, '091', 40);
});
afterAll(() => world.close());

const ago = (minutes: number) => world.inMinutes(-minutes);

const SOURCES = `occupied chosenBy
  sources { source method operable occupied blocked status observedAt receivedAt staleAt inForce }`;

const bedsOf = async (facility: string, category = 'ICU_UNSPECIFIED') => {
  const { data } = await world.request(
    `query ($facility: ID!, $category: BedCategory) { facility(id: $facility) { beds(category: $category) { ${SOURCES} } } }`,
    { facility, category },
  );
  return data.facility.beds[0];
};

const cursorOfAnotherList = Buffer.from('["age",0,"x"]').toString('base64url');

const raw = (variables: object, who?: Parameters<CapacityWorld['request']>[2]) =>
  world.request(
    `query ($area: String!, $modelled: Boolean, $first: Int, $after: String) {
      disagreements(area: $area, modelled: $modelled, first: $first, after: $after) {
        edges { cursor }
        nodes { facility { id } beds { category ${SOURCES} } }
        pageInfo { hasNextPage hasPreviousPage endCursor } } }`,
    variables,
    who,
  );
const disagreements = async (variables: object) => (await raw(variables)).data.disagreements;
const idsIn = async (area: string, variables: object = {}) =>
  (await disagreements({ area, ...variables })).nodes.map(
    ({ facility }: { facility: { id: string } }) => facility.id,
  );

/** The ward system says 4 occupied, IVENA half an hour later 6. */
async function disagree(facility: string, changes: object = {}) {
  await send(world, report(world, facility, { observedAt: ago(30), ...changes }));
  await send(world, report(world, facility, { source: 'IVENA', occupied: 6, ...changes }));
}

describe('the sources of a number', () => {
  test('are both kept and shown, with the one in force and the rule that chose', async () => {
    const facility = newFacility();
    await disagree(facility, { blocked: 1 });
    const now = world.clock.now.toISOString();
    expect(await bedsOf(facility)).toEqual({
      occupied: 6,
      chosenBy: 'NEWEST_OBSERVATION',
      sources: [
        {
          source: 'IVENA',
          method: 'REPORTED',
          operable: 10,
          occupied: 6,
          blocked: 1,
          status: 'AVAILABLE',
          observedAt: now,
          receivedAt: now,
          staleAt: ago(-DAY_MINUTES),
          inForce: true,
        },
        expect.objectContaining({ source: 'ward system', occupied: 4, inForce: false }),
      ],
    });
  });

  test('are named once each, by their newest report', async () => {
    const facility = newFacility();
    for (const [minutes, occupied] of [
      [20, 1],
      [0, 3],
      [10, 2],
    ] as const) {
      await send(world, report(world, facility, { observedAt: ago(minutes), occupied }));
    }
    const { sources, chosenBy } = await bedsOf(facility);
    expect(sources).toMatchObject([{ occupied: 3, inForce: true }]);
    expect(chosenBy).toBe('ONLY_SOURCE');
  });

  test('name the facility’s own word in force over a newer model', async () => {
    const facility = newFacility();
    await send(world, report(world, facility, { observedAt: ago(30) }));
    await send(world, report(world, facility, { source: 'DIVI', method: 'MODELLED', occupied: 9 }));
    expect(await bedsOf(facility)).toMatchObject({
      occupied: 4,
      chosenBy: 'OWN_OVER_MODELLED',
      sources: [
        { source: 'DIVI', method: 'MODELLED', inForce: false },
        { source: 'ward system', inForce: true },
      ],
    });
  });

  test('of a system that reports and models stand apart', async () => {
    const facility = newFacility();
    await send(world, report(world, facility, { observedAt: ago(30) }));
    await send(world, report(world, facility, { method: 'MODELLED', occupied: 9 }));
    expect((await bedsOf(facility)).sources).toHaveLength(2);
  });

  test('are left out when stale, but for the one in force', async () => {
    const facility = newFacility();
    await send(world, report(world, facility, { observedAt: ago(60) }));
    await send(world, report(world, facility, { source: 'IVENA' }));
    world.later(23 * 60);
    expect((await bedsOf(facility)).sources).toMatchObject([{ source: 'IVENA' }]);
    world.later(3 * DAY_MINUTES);
    expect(await bedsOf(facility)).toMatchObject({
      chosenBy: 'ONLY_SOURCE',
      sources: [{ source: 'IVENA', inForce: true }],
    });
  });

  test('are relied on as long as the category is', async () => {
    const facility = newFacility();
    await disagree(facility, { category: 'PSYCHIATRY' });
    world.later(71 * 60);
    expect((await bedsOf(facility, 'PSYCHIATRY')).sources).toHaveLength(2);
  });

  test('are none where nothing was ever reported, and no rule chose', async () => {
    expect(await bedsOf(newFacility(), 'BURN')).toMatchObject({ chosenBy: null, sources: [] });
  });
});

describe('the list of disagreements', () => {
  test('has the beds of which fresh sources state different numbers, while they do', async () => {
    const [agreeing, disagreeing, alone] = [newFacility(), newFacility(), newFacility()];
    await send(world, report(world, alone));
    await send(world, report(world, agreeing));
    await send(world, report(world, agreeing, { source: 'IVENA' }));
    await disagree(disagreeing);
    const { nodes } = await disagreements({ area: '091', first: 500 });
    const ids = nodes.map(({ facility }: { facility: { id: string } }) => facility.id);
    expect(ids).toContain(disagreeing);
    expect(ids).not.toContain(agreeing);
    expect(ids).not.toContain(alone);
    expect(
      nodes.find(({ facility }: { facility: { id: string } }) => facility.id === disagreeing).beds,
    ).toMatchObject({ category: 'ICU_UNSPECIFIED', occupied: 6, sources: [{}, {}] });
    await send(world, report(world, disagreeing, { observedAt: ago(-1), occupied: 6 }));
    expect(await idsIn('091', { first: 500 })).not.toContain(disagreeing);
  });

  test('forgets a disagreement when one side goes stale', async () => {
    const facility = newFacility();
    await disagree(facility);
    world.later(23 * 60 + 29);
    expect(await idsIn('091', { first: 500 })).toContain(facility);
    world.later(1);
    expect(await idsIn('091', { first: 500 })).not.toContain(facility);
  });

  test('counts a model only when asked to', async () => {
    const facility = newFacility();
    await send(world, report(world, facility));
    await send(world, report(world, facility, { source: 'DIVI', method: 'MODELLED', occupied: 9 }));
    expect(await idsIn('091', { first: 500 })).not.toContain(facility);
    expect(await idsIn('091', { first: 500, modelled: true })).toContain(facility);
  });

  test('does not take a source without numbers for one that disagrees', async () => {
    const facility = newFacility();
    await send(world, report(world, facility));
    await send(
      world,
      report(world, facility, {
        source: 'IVENA',
        operable: null,
        occupied: null,
        status: 'LIMITED',
      }),
    );
    expect(await idsIn('091', { first: 500 })).not.toContain(facility);
  });

  test('is of the area alone, and its pages follow each other without a gap', async () => {
    const berlin = await facilitiesOf(world, '11', 5);
    for (const facility of berlin) {
      await disagree(facility);
      await disagree(facility, { category: 'NORMAL_WARD' });
    }
    const whole = await disagreements({ area: '11' });
    expect(whole.nodes).toHaveLength(10);
    expect(whole.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
    const paged: object[] = [];
    let after: string | null = null;
    do {
      const page = await disagreements({ area: '11', first: 3, after });
      expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
      paged.push(...page.nodes);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(paged).toEqual(whole.nodes);
  });

  test.each([
    ['an area that is none', { area: 'NRW' }, 'BAD_USER_INPUT'],
    ['a page of no length', { area: '', first: 0 }, 'BAD_USER_INPUT'],
    ['a page too long', { area: '', first: 501 }, 'TOO_MUCH'],
    ['a cursor of nothing', { area: '', after: 'x' }, 'BAD_USER_INPUT'],
    ['a cursor of another list', { area: '', after: cursorOfAnotherList }, 'BAD_USER_INPUT'],
  ])('refuses %s', async (_, variables, code) => {
    expect((await raw(variables)).errors).toMatchObject([{ extensions: { code } }]);
  });

  test('is not for partners', async () => {
    expect((await raw({ area: '' }, { role: 'partner' })).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
  });
});
