import { eachOnce } from '../../../shared/testing/each-once.js';
import { reportBeds } from '../testing/beds.js';
import { close, faultOf, reportFault, step, ventilators } from '../testing/devices.js';
import { facilitiesIn } from '../testing/facilities.js';
import { untilDone } from '../testing/jobs.js';
import { newOrganisation, supplierOf } from '../testing/organisations.js';
import {
  staffOf,
  supplyWorld,
  type SupplyWorld,
  type TestIdentity,
} from '../testing/supply-world.js';

let world: SupplyWorld;
let facilities: string[];
let [partner, competitor]: string[] = [];
const newFacility = eachOnce(() => facilities);
beforeAll(async () => {
  world = await supplyWorld();
  facilities = await facilitiesIn(world, '05');
  partner = await newOrganisation(world, { kind: 'SERVICE_PARTNER' });
  competitor = await newOrganisation(world, { kind: 'SERVICE_PARTNER' });
});
afterAll(() => world.close());

describe('rights', () => {
  test('the facility, those who lead its area and its partner see a case, and nobody else', async () => {
    const facility = newFacility();
    await reportBeds(world, facility, 10);
    const fault = await reportFault(
      world,
      ventilators(world, facility, { servicePartner: partner }),
    );
    await untilDone(world);
    const intact = async (who: TestIdentity) =>
      (await faultOf(world, fault.id, who))?.beds.map((beds: any) => beds.intact);
    const all: [TestIdentity, unknown][] = [
      [staffOf(facility), [10]],
      [{ role: 'service', facilities: [facility] }, [10]],
      [{ role: 'dispatch', areas: ['05'] }, [10]],
      [{ role: 'health-office', areas: ['05'] }, [10]],
      [{ role: 'crisis-staff', areas: ['05'] }, [10]],
      [supplierOf(partner!), [null]],
      [supplierOf(competitor!), undefined],
      [{ ...supplierOf(), areas: [''] }, undefined],
      [{ role: 'chamber', organisations: [partner!], areas: [''] }, undefined],
      [staffOf(newFacility()), undefined],
      [{ role: 'service', areas: [''] }, undefined],
      [{ role: 'spoc', areas: [''] }, undefined],
      [{ role: 'crisis-staff', areas: ['09'] }, undefined],
    ];
    for (const [who, expected] of all) expect([who, await intact(who)]).toEqual([who, expected]);
    const listed = async (who: TestIdentity) => {
      const { data } = await world.request(
        `query ($facility: ID!) { deviceFaults(filter: { facility: $facility }) { totalCount } }`,
        { facility },
        who,
      );
      return data.deviceFaults.totalCount;
    };
    for (const [who, expected] of all) expect(await listed(who)).toBe(expected ? 1 : 0);
  });

  test('a partner acts on its own cases alone, and closes none', async () => {
    const facility = newFacility();
    const { id } = await reportFault(
      world,
      ventilators(world, facility, { servicePartner: partner, beds: [] }),
    );
    const before = await world.eventCount();
    const fault = { fault: id };
    const closing = { ...fault, resolution: 'REPAIRED' };
    const attempts: [string, object, TestIdentity, unknown][] = [
      ['acknowledgeDeviceFault', fault, supplierOf(competitor!), 'UnknownDeviceFault'],
      ['proposeDeviceFaultClosing', closing, supplierOf(competitor!), 'UnknownDeviceFault'],
      ['closeDeviceFault', closing, supplierOf(partner!), 'FORBIDDEN'],
      ['closeDeviceFault', closing, { role: 'crisis-staff', areas: [''] }, 'FORBIDDEN'],
      ['closeDeviceFault', closing, staffOf(newFacility()), 'UnknownDeviceFault'],
      ['closeDeviceFault', closing, { role: 'service', areas: [''] }, 'UnknownDeviceFault'],
      ['proposeDeviceFaultClosing', closing, staffOf(facility), 'FORBIDDEN'],
      ['acknowledgeDeviceFault', fault, { role: 'dispatch', areas: [''] }, 'FORBIDDEN'],
    ];
    for (const [field, input, who, expected] of attempts) {
      const outcome = await step(world, field, input, who);
      expect([field, who, outcome.__typename ?? outcome]).toEqual([field, who, expected]);
    }
    expect(await world.eventCount()).toBe(before);
    expect(await faultOf(world, id)).toMatchObject({ status: 'REPORTED' });
  });

  test('only the facility reports its faults, or a service that its token names', async () => {
    const facility = newFacility();
    const code = (who: TestIdentity) => reportFault(world, ventilators(world, facility), who);
    for (const who of [
      staffOf(newFacility()),
      { role: 'service', areas: [''] },
      { role: 'crisis-staff', areas: [''] },
      supplierOf(partner!),
    ]) {
      expect(await code(who)).toBe('FORBIDDEN');
    }
    expect(await code({ role: 'service', facilities: [facility] })).toMatchObject({
      __typename: 'DeviceFault',
    });
  });
});

describe('subscribers', () => {
  const WATCH = `subscription ($facility: ID, $after: String) {
    deviceFaultChanged(facility: $facility, after: $after) { cursor deviceFault { id status } } }`;
  const nextOf = async (watch: Awaited<ReturnType<SupplyWorld['watch']>>) => {
    const { value } = await watch.next();
    if (value?.errors) throw new Error(JSON.stringify(value.errors));
    return value!.data!['deviceFaultChanged'].deviceFault;
  };

  test('each receives the changes of the cases that it sees, and nothing of the rest', async () => {
    const after = await world.cursor();
    const [facility, other] = [newFacility(), newFacility()];
    const watchers = {
      partner: await world.watch(WATCH, { after }, supplierOf(partner!)),
      competitor: await world.watch(WATCH, { after }, supplierOf(competitor!)),
      other: await world.watch(WATCH, { after }, staffOf(other)),
      area: await world.watch(WATCH, { after, facility: other }),
    };
    const report = (at: string, servicePartner: string | undefined) =>
      reportFault(world, ventilators(world, at, { servicePartner, beds: [] }));
    const first = await report(facility, partner);
    const second = await report(other, competitor);
    expect(await nextOf(watchers.partner)).toEqual({ id: first.id, status: 'REPORTED' });
    for (const watch of [watchers.competitor, watchers.other, watchers.area]) {
      expect(await nextOf(watch)).toEqual({ id: second.id, status: 'REPORTED' });
    }
    await close(world, second);
    expect(await nextOf(watchers.other)).toEqual({ id: second.id, status: 'CLOSED' });
    await Promise.all(Object.values(watchers).map((watch) => watch.return!()));
  });
});

test('a facility shows its open faults, and the closed ones where they are requested', async () => {
  const facility = newFacility();
  const [first, second] = [
    await reportFault(world, ventilators(world, facility, { beds: [] })),
    await reportFault(world, ventilators(world, facility, { beds: [] })),
  ];
  await close(world, first);
  const ids = async (closed: boolean) => {
    const { data } = await world.request(
      `query ($representations: [_Any!]!, $closed: Boolean) { _entities(representations: $representations) {
        ... on Facility { deviceFaults(closed: $closed) { id } } } }`,
      { representations: [{ __typename: 'Facility', id: facility }], closed },
    );
    return data._entities[0].deviceFaults.map(({ id }: any) => id);
  };
  expect([await ids(false), await ids(true)]).toEqual([[second.id], [first.id, second.id]]);
});
