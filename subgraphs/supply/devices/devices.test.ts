import { eachOnce } from '../../../shared/testing/each-once.js';
import { UNKNOWN_ID } from '../../../shared/testing/unknown-id.js';
import { HOUR_MS } from '../../../shared/time/rules.js';
import { reportBeds } from '../testing/beds.js';
import { bedsIn, close, faultOf, reportFault, step, ventilators } from '../testing/devices.js';
import { facilitiesIn } from '../testing/facilities.js';
import { untilDone } from '../testing/jobs.js';
import { newOrganisation, supplierOf } from '../testing/organisations.js';
import {
  staffOf,
  CLOCK_MS,
  supplyWorld,
  type SupplyWorld,
  type TestIdentity,
} from '../testing/supply-world.js';

let world: SupplyWorld;
let facilities: string[];
let partner: string;
const newFacility = eachOnce(() => facilities);
/** A facility that has reported ten operable beds an hour ago. */
const reportingFacility = async () => {
  const facility = newFacility();
  await reportBeds(world, facility, 10);
  world.later(60);
  return facility;
};

beforeAll(async () => {
  world = await supplyWorld();
  facilities = await facilitiesIn(world, '05');
  partner = await newOrganisation(world, { kind: 'SERVICE_PARTNER' });
});
afterAll(() => world.close());

describe('a fault lowers what can be sustained', () => {
  test('two of eight ventilators fail, the facility reports eight beds, a third fails, and all are repaired', async () => {
    const facility = await reportingFacility();
    const two = await reportFault(world, ventilators(world, facility));
    await untilDone(world);
    expect(await bedsIn(world, facility)).toEqual({ operable: 10, free: 8, sustainable: 8 });
    world.later(180);
    await reportBeds(world, facility, 8);
    expect(await bedsIn(world, facility)).toEqual({ operable: 8, free: 8, sustainable: 8 });
    world.later(60);
    const beds = [{ category: 'ICU_HIGH_CARE', beds: 1 }];
    const third = await reportFault(
      world,
      ventilators(world, facility, { failedDevices: 1, devices: 6, beds }),
    );
    await untilDone(world);
    expect(await bedsIn(world, facility)).toEqual({ operable: 8, free: 7, sustainable: 7 });
    expect(await close(world, two)).toMatchObject({ status: 'CLOSED', resolution: 'REPAIRED' });
    await untilDone(world);
    await reportBeds(world, facility, 9);
    expect(await bedsIn(world, facility)).toEqual({ operable: 9, free: 9, sustainable: 9 });
    await close(world, third);
    await untilDone(world);
    expect(await bedsIn(world, facility)).toEqual({ operable: 9, free: 9, sustainable: null });
  });

  test('the compressor of the oxygen plant is a case for the partner, and its beds follow from the lifelines', async () => {
    const facility = await reportingFacility();
    const plant = { kind: 'MEDICAL_GAS_PLANT', failedDevices: 1, devices: 2 };
    expect(await reportFault(world, ventilators(world, facility, plant))).toMatchObject({
      __typename: 'FaultOfLifeline',
      lifelineKinds: ['LIQUID_OXYGEN', 'BOTTLED_OXYGEN', 'COMPRESSED_AIR'],
    });
    const fault = await reportFault(
      world,
      ventilators(world, facility, { ...plant, beds: [], servicePartner: partner }),
    );
    expect(fault).toMatchObject({ __typename: 'DeviceFault', beds: [], status: 'REPORTED' });
    await untilDone(world);
    expect(await bedsIn(world, facility)).toEqual({ operable: 10, free: 10, sustainable: null });
  });

  test('a closing that arrives twice restores the beds once', async () => {
    const facility = await reportingFacility();
    const fault = await reportFault(world, ventilators(world, facility));
    const other = await reportFault(world, ventilators(world, facility));
    await untilDone(world);
    expect(await bedsIn(world, facility)).toMatchObject({ sustainable: 6 });
    const input = { fault: fault.id, resolution: 'REPAIRED', idempotencyKey: 'closing' };
    const staff = staffOf(facility);
    const first = await step(world, 'closeDeviceFault', input, staff);
    expect(await step(world, 'closeDeviceFault', input, staff)).toEqual(first);
    const again = { fault: fault.id, resolution: 'REPLACED' };
    expect(await step(world, 'closeDeviceFault', again, staff)).toMatchObject({
      __typename: 'DeviceFaultEnded',
      message: expect.stringContaining('closed as REPAIRED'),
      deviceFault: { id: fault.id },
    });
    await untilDone(world);
    expect(await bedsIn(world, facility)).toMatchObject({ sustainable: 8 });
    expect(await faultOf(world, other.id)).toMatchObject({ status: 'REPORTED' });
  });

  test('the report in force when the devices failed counts, however late the fault is reported', async () => {
    const facility = await reportingFacility();
    const since = world.clock.now.toISOString();
    world.later(120);
    await reportBeds(world, facility, 8);
    world.later(60);
    const fault = await reportFault(world, ventilators(world, facility, { since }));
    await untilDone(world);
    expect(await bedsIn(world, facility)).toMatchObject({ sustainable: 8 });
    expect((await faultOf(world, fault.id)).beds).toEqual([
      { category: 'ICU_HIGH_CARE', missing: 2, intact: 10 },
    ]);
  });

  test('beds that the facility never reported are not limited', async () => {
    const facility = newFacility();
    const fault = await reportFault(world, ventilators(world, facility));
    await untilDone(world);
    expect(fault.categoriesWithoutEffect).toEqual([]);
    const { assessedAt, beds, categoriesWithoutEffect } = await faultOf(world, fault.id);
    expect({ isAssessed: assessedAt !== null, intact: beds[0].intact }).toEqual({
      isAssessed: true,
      intact: null,
    });
    expect(categoriesWithoutEffect).toEqual(['ICU_HIGH_CARE']);
    await reportBeds(world, facility, 8);
    expect(await bedsIn(world, facility)).toMatchObject({ free: 8, sustainable: null });
  });

  test('the declaration is renewed before it runs out, as long as the fault is open', async () => {
    const facility = await reportingFacility();
    const fault = await reportFault(world, ventilators(world, facility));
    await untilDone(world);
    world.later(13 * 60);
    await untilDone(world);
    const until = async () =>
      (
        await world.capacity.pool.query<{ until: Date }>(
          'SELECT until FROM sustainable_beds WHERE facility_id = $1',
          [facility],
        )
      ).rows[0]!.until.getTime();
    expect(await until()).toBeGreaterThan(world.clock.now.getTime() + 23 * HOUR_MS);
    expect(await bedsIn(world, facility)).toMatchObject({ sustainable: 8 });
    await close(world, fault);
  });

  test('while capacity is unavailable the fault is stored at once, and takes its beds afterwards', async () => {
    const facility = await reportingFacility();
    await world.capacity.stop();
    const fault = await reportFault(world, ventilators(world, facility));
    const second = await reportFault(world, ventilators(world, facility));
    expect(fault).toMatchObject({ __typename: 'DeviceFault', assessedAt: null });
    await close(world, second);
    await world.elapse(CLOCK_MS);
    await world.capacity.restart();
    await untilDone(world);
    expect(await bedsIn(world, facility)).toMatchObject({ sustainable: 8 });
    expect((await faultOf(world, fault.id)).assessedAt).not.toBeNull();
    await close(world, fault);
    await untilDone(world);
    expect(await bedsIn(world, facility)).toMatchObject({ sustainable: null });
  });

  test('ten callers at once: every fault counts, and a case is closed by one', async () => {
    const facility = await reportingFacility();
    const beds = [{ category: 'ICU_HIGH_CARE', beds: 1 }];
    const faults = await Promise.all(
      Array.from({ length: 10 }, () => reportFault(world, ventilators(world, facility, { beds }))),
    );
    await untilDone(world);
    expect(await bedsIn(world, facility)).toMatchObject({ sustainable: 0 });
    const closings = await Promise.all(Array.from({ length: 10 }, () => close(world, faults[0])));
    expect(closings.filter(({ __typename }) => __typename === 'DeviceFault')).toHaveLength(1);
    await untilDone(world);
    expect(await bedsIn(world, facility)).toMatchObject({ sustainable: 1 });
  });
});

describe('a case', () => {
  const partnerIdentity = (): TestIdentity => ({ ...supplierOf(partner), subject: 'technician' });
  const caseOf = async (facility = newFacility()) =>
    reportFault(world, ventilators(world, facility, { servicePartner: partner, beds: [] }));

  test('goes from the report to the closing, each step with its actor and time', async () => {
    const { id, facility } = await caseOf();
    const technician = partnerIdentity();
    await step(
      world,
      'acknowledgeDeviceFault',
      { fault: id, expectedRepairAt: world.inHours(5) },
      technician,
    );
    await step(
      world,
      'dispatchTechnician',
      { fault: id, expectedAt: world.inHours(2) },
      technician,
    );
    const proposal = { fault: id, resolution: 'REPAIRED', note: 'valve replaced' };
    expect(await step(world, 'proposeDeviceFaultClosing', proposal, technician)).toMatchObject({
      status: 'CLOSING_PROPOSED',
      resolution: 'REPAIRED',
      closedAt: null,
      expectedRepairAt: world.inHours(5),
      technicianExpectedAt: world.inHours(2),
    });
    const closed = await close(world, { id, facility });
    expect(closed).toMatchObject({ status: 'CLOSED', acknowledgeUntil: null });
    expect(closed.steps).toMatchObject([
      { act: 'REPORT', by: `staff of ${facility.id}`, byPartner: false },
      { act: 'ACKNOWLEDGE', by: 'technician', byPartner: true, expectedAt: world.inHours(5) },
      { act: 'DISPATCH_TECHNICIAN', byPartner: true, expectedAt: world.inHours(2) },
      { act: 'PROPOSE_CLOSING', byPartner: true, resolution: 'REPAIRED', note: 'valve replaced' },
      { act: 'CLOSE', byPartner: false, resolution: 'REPAIRED' },
    ]);
  });

  test('is escalated once when nobody acknowledges it in time, and not when somebody did', async () => {
    const [late, inTime] = [await caseOf(), await caseOf()];
    await step(world, 'acknowledgeDeviceFault', { fault: inTime.id }, partnerIdentity());
    world.later(4 * 60 - 1);
    await world.elapse(CLOCK_MS);
    expect(await faultOf(world, late.id)).toMatchObject({ escalatedAt: null });
    world.later(1);
    await world.elapse(CLOCK_MS);
    world.later(60);
    await world.elapse(CLOCK_MS);
    const { steps } = await faultOf(world, late.id);
    expect(steps.map(({ act, by }: any) => [act, by])).toEqual([
      ['REPORT', expect.any(String)],
      ['ESCALATE', 'clock'],
    ]);
    expect(await faultOf(world, inTime.id)).toMatchObject({ escalatedAt: null });
  });

  test.each<[string, object, object]>([
    ['an unknown facility', { facility: UNKNOWN_ID }, { __typename: 'UnknownFacility' }],
    ['an unknown partner', { servicePartner: UNKNOWN_ID }, { __typename: 'UnknownOrganisation' }],
    ['more devices than there are', { failedDevices: 9 }, { field: 'failedDevices' }],
    [
      'a time in the future',
      { observedAt: '2027-01-01T00:00:00Z' },
      { message: expect.stringContaining('observedAt') },
    ],
  ])('of %s is refused, and nothing is stored', async (_, changes, refusal) => {
    const before = await world.eventCount();
    const facility = newFacility();
    const outcome = await reportFault(
      world,
      ventilators(world, facility, changes),
      staffOf(facility),
    );
    expect(outcome).toMatchObject(refusal);
    expect(await world.eventCount()).toBe(before);
  });

  test('of an organisation that maintains no devices is refused', async () => {
    const servicePartner = await newOrganisation(world);
    const outcome = await reportFault(world, ventilators(world, newFacility(), { servicePartner }));
    expect(outcome).toMatchObject({
      __typename: 'NotServicePartner',
      organisation: { id: servicePartner },
    });
  });

  test('is reported once, however often the call is repeated, and another one needs another key', async () => {
    const facility = newFacility();
    const input = ventilators(world, facility);
    const [first, second] = await Promise.all([
      reportFault(world, input),
      reportFault(world, input),
    ]);
    expect(first.id).toBe(second.id);
    const changed = { ...input, failedDevices: 1 };
    expect(await reportFault(world, changed)).toMatchObject({ __typename: 'IdempotencyKeyReused' });
  });

  test('is listed by every part of the filter, newest first, page by page', async () => {
    const facility = newFacility();
    const faults: { id: string }[] = [];
    for (const kind of ['CT', 'CT', 'MRI']) {
      world.later(1);
      faults.push(await reportFault(world, ventilators(world, facility, { kind, beds: [] })));
    }
    const list = async (filter: object, page: object = {}) => {
      const { data } = await world.request(
        `query ($filter: DeviceFaultFilter, $first: Int, $after: String) {
          deviceFaults(filter: $filter, first: $first, after: $after) { totalCount pageInfo { endCursor } nodes { id } } }`,
        { filter: { facility, ...filter }, ...page },
      );
      return data.deviceFaults;
    };
    const ids = async (filter: object, page?: object) =>
      (await list(filter, page)).nodes.map(({ id }: any) => id);
    const [first, second, third] = faults.map(({ id }) => id);
    expect(await ids({})).toEqual([third, second, first]);
    expect(await ids({ kinds: ['CT'] })).toEqual([second, first]);
    const page = await list({}, { first: 2 });
    expect(page.totalCount).toBe(3);
    expect(await ids({}, { first: 2, after: page.pageInfo.endCursor })).toEqual([first]);
    await close(world, { id: first!, facility: { id: facility } });
    expect(await ids({ statuses: ['CLOSED'] })).toEqual([first]);
    expect(await ids({ servicePartner: partner })).toEqual([]);
    expect(await ids({ area: '09' })).toEqual([]);
    expect(await ids({ escalated: true })).toEqual([]);
  });
});
