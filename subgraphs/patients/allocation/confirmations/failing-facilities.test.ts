import { declare as declareBeds } from '../../../capacity/testing/sustainability.js';
import { patientsWorld, type PatientsWorld, staffOf } from '../../testing/patients-world.js';
import { bedsOf, call, giveBeds, primary, register, transferOf } from '../../testing/transfers.js';
import { confirm, intakeOf } from '../../testing/plans.js';
import {
  entryOf,
  incidentBeside,
  NO_WALK_INS,
  opens,
  propose,
  untouchedKreise,
  type Slots,
} from '../../testing/proposals.js';

let world: PatientsWorld;
beforeAll(async () => {
  world = await patientsWorld();
});
afterAll(() => world.close());
const newKreis = untouchedKreise(() => world);

const SK_I = { category: 'SK_I', physician: true };
/** Declares as supply that intensive care fails in some hours. */
const fails = (facility: string, from: number, changes: object = {}) =>
  declareBeds({ ...world, url: world.capacityUrl }, { facility, from, ...changes });

/** A proposal for patients beside the first of hospitals with slots. */
async function proposed(slots: readonly Slots[], count = 1, patient: object = {}) {
  const hospitals = await newKreis(slots.length);
  for (const [n, hospital] of hospitals.entries()) await opens(world, hospital, slots[n]!);
  const incident = await incidentBeside(world, hospitals[0]!);
  const patients = await register(world, { incident }, count, patient);
  const again = () =>
    propose(world, incident, { area: hospitals[0]!.area, parameters: NO_WALK_INS });
  return { hospitals: hospitals.map(({ id }) => id), patients, again, plan: await again() };
}

const LOST = {
  code: 'NOT_SUSTAINABLE',
  reason: 'The facility cannot sustain its care for long enough any more. Propose again.',
};

test('a facility that is declared to fail soon after the proposal loses its patients, and the others stay', async () => {
  const { hospitals, plan } = await proposed([{ SK_II: 1 }, { SK_II: 4 }], 3);
  const [failing, other] = hospitals as [string, string];
  await fails(failing, 3);
  const { summary, lost } = await confirm(world, plan.id);
  expect(summary).toEqual({ confirmed: 2, lost: 1 });
  expect(lost.nodes).toMatchObject([{ facility: { id: failing }, ...LOST }]);
  expect(await intakeOf(world, failing)).toMatchObject({ reserved: 0 });
  expect(await intakeOf(world, other)).toMatchObject({ reserved: 2 });
});

test.each([
  ['later than two hours after the arrival, and SK I is confirmed', 4, 1],
  ['sooner than that, and SK I is lost', 2, 0],
  ['at once, and SK I is lost', 0, 0],
])('a facility is declared to fail %s', async (_, hours, confirmed) => {
  const { hospitals, plan } = await proposed([{ SK_I: 2 }], 1, SK_I);
  await fails(hospitals[0]!, hours);
  const { summary, lost } = await confirm(world, plan.id);
  expect(summary).toEqual({ confirmed, lost: 1 - confirmed });
  if (!confirmed) expect(lost.nodes).toMatchObject([LOST]);
  expect(await intakeOf(world, hospitals[0]!, 'SK_I')).toMatchObject({ reserved: confirmed });
});

test('a facility that a person chose is given until its hour of failure, and not from then on', async () => {
  for (const [hours, confirmed] of [
    [1, 1],
    [0, 0],
  ] as const) {
    const { hospitals, patients, plan } = await proposed([{ SK_II: 2 }, { SK_II: 2 }]);
    const planned = entryOf(plan, patients[0]!).facility.id;
    const chosen = hospitals.find((id) => id !== planned)!;
    await fails(chosen, hours);
    const reason = 'his family is there';
    const overrides = [{ patient: patients[0], facility: chosen, reason }];
    const { summary } = await confirm(world, plan.id, { overrides });
    expect(summary).toEqual({ confirmed, lost: 1 - confirmed });
  }
});

test('a proposal leaves out a facility that fails soon, except for SK I, until a delivery arrives', async () => {
  const { hospitals, again } = await proposed([{ SK_I: 2, SK_II: 2 }, { SK_II: 2 }]);
  const [failing, other] = hospitals as [string, string];
  const { incident } = await again();
  const [red] = await register(world, { incident: incident.id }, 1, SK_I);
  world.later(1);
  await fails(failing, 3);
  const during = await again();
  const sentTo = (plan: any, patient: string) => entryOf(plan, patient)?.facility.id;
  expect(sentTo(during, red!)).toBe(failing);
  const caution = { code: 'FAILURE_SET_ASIDE', message: expect.any(String) };
  expect(entryOf(during, red!).reasons).toContainEqual(caution);
  const [yellow] = during.assignments.nodes.filter(({ patient }: any) => patient.id !== red);
  expect(yellow.facility.id).toBe(other);
  expect(yellow.rejected).toContainEqual(
    expect.objectContaining({ facility: { id: failing }, code: 'NOT_SUSTAINABLE' }),
  );
  world.later(1);
  await fails(failing, 8);
  const after = await again();
  expect(sentTo(after, yellow.patient.id)).toBe(failing);
});

describe('a transfer to beds that fail', () => {
  const requested = async () => {
    const [hospital] = await newKreis(1);
    const facility = hospital!.id;
    await giveBeds(world, [facility], 5);
    const incident = await incidentBeside(world, hospital!);
    const [patient] = await register(world, { incident });
    const { id } = await call(world, 'requestTransfer', primary(patient!, { to: facility }));
    return { facility, transfer: id as string };
  };
  const accept = (transfer: string, facility: string) =>
    call(world, 'acceptTransfer', { transfer }, staffOf(facility));
  const failsNow = (facility: string) => fails(facility, 0, { category: 'ICU_UNSPECIFIED' });

  test('is accepted before their hour of failure, and not from then on', async () => {
    const { facility, transfer } = await requested();
    await failsNow(facility);
    const refused = await accept(transfer, facility);
    expect(refused).toMatchObject({
      __typename: 'NoSlotLeft',
      free: 0,
      message: expect.stringContaining('the facility cannot sustain its care'),
    });
    world.later(1);
    await fails(facility, 1, { category: 'ICU_UNSPECIFIED' });
    expect(await accept(transfer, facility)).toMatchObject({ status: 'ACCEPTED' });
  });

  test('keeps its bed, which is overcommitted from then on and stands for review with the patient', async () => {
    const { facility, transfer } = await requested();
    await accept(transfer, facility);
    const { occupied } = (await bedsOf(world, facility)) as { occupied: number };
    await failsNow(facility);
    expect(await transferOf(world, transfer)).toMatchObject({ status: 'ACCEPTED' });
    const { reserved, overcommitted } = await bedsOf(world, facility);
    expect({ reserved, overcommitted }).toEqual({
      reserved: 1,
      overcommitted: occupied + 1,
    });
    const { data } = await world.requestCapacity(
      '{ sustainabilityToReview(area: "") { nodes { facility { id } reasons reservedBeds } } }',
    );
    expect(data.sustainabilityToReview.nodes).toContainEqual({
      facility: { id: facility },
      reasons: ['FAILS_SOON'],
      reservedBeds: 1,
    });
  });
});
