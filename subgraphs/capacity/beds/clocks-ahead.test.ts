import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { bedsOf, facilitiesOf, report, send } from '../testing/reports.js';

let world: CapacityWorld;
let facilities: string[];
/** A facility no other test has reported for. */
const newFacility = () => facilities.pop()!;

beforeAll(async () => {
  world = await capacityWorld();
  facilities = await facilitiesOf(world, '', 10);
});
afterAll(() => world.close());

describe('a report from a clock that runs ahead', () => {
  const ahead = () => world.inMinutes(5);

  test('gives way to what another source observes after it was received', async () => {
    const facility = newFacility();
    await send(world, report(world, facility, { observedAt: ahead() }));
    world.later(1);
    const { beds } = await send(
      world,
      report(world, facility, { occupied: 10, source: 'ward management' }),
    );
    expect(beds).toMatchObject([{ free: 0, provenance: { source: 'ward management' } }]);
    const { data } = await world.request(
      'query ($id: ID!) { facility(id: $id) { beds { chosenBy sources { source inForce } } } }',
      { id: facility },
    );
    expect(data.facility.beds).toEqual([
      {
        chosenBy: 'NEWEST_OBSERVATION',
        sources: [
          { source: 'ward system', inForce: false },
          { source: 'ward management', inForce: true },
        ],
      },
    ]);
  });

  test('outranks nothing that another source observed later than it was received', async () => {
    const facility = newFacility();
    const received = report(world, facility, { source: 'ward management' });
    await send(world, received);
    await send(world, report(world, facility, { occupied: 0, observedAt: ahead() }));
    expect(await bedsOf(world, facility)).toMatchObject({ free: 6 });
  });

  test('keeps its position among reports of its own source', async () => {
    const facility = newFacility();
    await send(world, report(world, facility, { observedAt: ahead() }));
    const observedAt = ahead();
    world.later(1);
    await send(
      world,
      report(world, facility, {
        occupied: 1,
        observedAt: observedAt.replace(':00.000', ':00.001'),
      }),
    );
    expect(await bedsOf(world, facility)).toMatchObject({ occupied: 1 });
    await send(world, report(world, facility, { occupied: 9 }));
    expect(await bedsOf(world, facility)).toMatchObject({ occupied: 1 });
  });
});
