import { hoursFromNow, NOW } from '../../../shared/testing/now.js';
import type { ReportDeviceFaultInput } from '../generated/graphql.js';
import { expectedRefusal, reportRefusal } from './rules.js';
import { bedsLeft, fallOf, intactBeds, type MissingBeds } from './rules/beds.js';
import { acknowledgeUntil, faultAfter } from './rules/steps.js';

const ICU = 'ICU_HIGH_CARE';
const ONE_BED = { category: ICU, beds: 1 } as const;

/** Beds that are missing since some hours before noon, until they are closed. */
const missing = (
  beds: number,
  since: number,
  intact: number | null,
  closed: number | null = null,
): MissingBeds => ({
  category: ICU,
  missing: beds,
  since: hoursFromNow(since),
  intact,
  closedAt: closed === null ? null : hoursFromNow(closed),
});
const report = (operable: number, hours: number) => ({ operable, observedAt: hoursFromNow(hours) });
const left = (...faults: MissingBeds[]) => bedsLeft(faults)[0]?.beds;

describe('the beds that are intact when devices fail', () => {
  test.each<
    [string, number, { operable: number; observedAt: Date }, readonly MissingBeds[], number]
  >([
    ['are operable by the report, where no other fault is open', -3, report(10, -6), [], 10],
    [
      'do not lack those of a fault that is younger than the report',
      -1,
      report(10, -6),
      [missing(2, -3, 10)],
      10,
    ] as const,
    [
      'have again what the report lacks because of an older fault',
      -1,
      report(8, -2),
      [missing(2, -3, 10)],
      10,
    ] as const,
    [
      'are no more than before, where the report does not lack them',
      -1,
      report(10, -2),
      [missing(2, -3, 10)],
      10,
    ] as const,
    [
      'are fewer, where the report lacks more than devices',
      -1,
      report(6, -2),
      [missing(2, -3, 10)],
      8,
    ] as const,
    [
      'are more, where the report has more than before',
      -1,
      report(12, -2),
      [missing(2, -3, 10)],
      12,
    ] as const,
    [
      'concern no fault that was closed before',
      -1,
      report(8, -2),
      [missing(2, -3, 10, -1.5)],
      8,
    ] as const,
    [
      'concern one that was closed afterwards',
      -1,
      report(8, -2),
      [missing(2, -3, 10, -0.5)],
      10,
    ] as const,
    ['concern no fault that began later', -3, report(8, -4), [missing(2, -1, 9)], 8],
    [
      'are not known by a fault of which nobody knows',
      -1,
      report(8, -2),
      [missing(2, -3, null)],
      8,
    ],
  ])('%s', (_, since, reported, others, expected) => {
    expect(intactBeds(hoursFromNow(since), reported, others)).toBe(expected);
  });
});

describe('the beds that open faults leave', () => {
  test('are fewer by what all of them lack, and never less than none', () => {
    expect(left(missing(2, -3, 10))).toBe(8);
    expect(left(missing(2, -3, 10), missing(1, -1, 10))).toBe(7);
    expect(left(missing(8, -3, 10), missing(4, -1, 10))).toBe(0);
  });

  test('are as before when a fault is closed, whichever of them is', () => {
    expect(left(missing(2, -3, 10, 0), missing(1, -1, 10))).toBe(9);
    expect(left(missing(2, -3, 10), missing(1, -1, 10, 0))).toBe(8);
    expect(left(missing(2, -3, 10, 0))).toBeUndefined();
  });

  test('are not limited where nobody knows how many were operable', () => {
    expect(left(missing(2, -3, null))).toBeUndefined();
    expect(left(missing(2, -3, null), missing(1, -1, 9))).toBe(8);
  });

  test.each([
    ['half of them', [missing(5, -3, 10)], null],
    ['less than half', [missing(6, -3, 10)], -3],
    ['none', [missing(1, -3, 1)], -3],
    ['less than half after another fault', [missing(2, -3, 10), missing(4, -1, 10)], -1],
    ['most of them again', [missing(2, -3, 10), missing(4, -1, 10, 0)], null],
  ])('have fallen suddenly or not, where they are %s', (_, faults, since) => {
    expect(fallOf(faults)).toEqual(since === null ? null : hoursFromNow(since));
  });

  test('are counted for each category by itself', () => {
    const ecmo = { ...missing(1, -1, 3), category: 'ECMO' as const };
    expect(bedsLeft([missing(2, -3, 10), ecmo])).toEqual([
      { category: 'ECMO', beds: 2, from: hoursFromNow(-1) },
      { category: ICU, beds: 8, from: hoursFromNow(-3) },
    ]);
  });
});

describe('a case', () => {
  const fault = {
    ...({ status: 'REPORTED', resolution: null, expectedRepairAt: null } as const),
    technicianAt: null,
    acknowledgeUntil: hoursFromNow(1),
    acknowledgedAt: null,
    closedAt: null,
  };

  test('has to be acknowledged sooner where beds are missing, and by nobody without a partner', () => {
    const until = (servicePartner: string | null, hasMissingBeds: boolean) =>
      acknowledgeUntil(NOW, { servicePartner, hasMissingBeds });
    expect([until('partner', true), until('partner', false)]).toEqual([
      hoursFromNow(0.5),
      hoursFromNow(4),
    ]);
    expect(until(null, true)).toBeNull();
  });

  test('is acknowledged by whatever is done about it, once', () => {
    const sent = faultAfter(
      fault,
      { act: 'DISPATCH_TECHNICIAN', expectedAt: hoursFromNow(2) },
      NOW,
    );
    expect(sent).toMatchObject({ status: 'TECHNICIAN_UNDER_WAY', acknowledgedAt: NOW });
    expect(sent).toMatchObject({ acknowledgeUntil: null, technicianAt: hoursFromNow(2) });
    const again = faultAfter(
      sent,
      { act: 'ACKNOWLEDGE', expectedAt: hoursFromNow(5) },
      hoursFromNow(1),
    );
    expect(again).toEqual({ ...sent, expectedRepairAt: hoursFromNow(5) });
  });

  test('goes on when a technician comes after a proposal, which is rejected so', () => {
    const proposed = faultAfter(fault, { act: 'PROPOSE_CLOSING', resolution: 'REPAIRED' }, NOW);
    expect(proposed).toMatchObject({ status: 'CLOSING_PROPOSED', resolution: 'REPAIRED' });
    const sent = faultAfter(
      proposed,
      { act: 'DISPATCH_TECHNICIAN', expectedAt: hoursFromNow(2) },
      NOW,
    );
    expect(sent).toMatchObject({
      status: 'TECHNICIAN_UNDER_WAY',
      resolution: null,
      closedAt: null,
    });
  });
});

describe('a report', () => {
  const input = (changes: Partial<ReportDeviceFaultInput>): ReportDeviceFaultInput => ({
    facility: 'f',
    kind: 'VENTILATOR',
    failedDevices: 2,
    devices: 8,
    source: 'ICU',
    beds: [{ category: ICU, beds: 2 }],
    observedAt: NOW,
    idempotencyKey: 'k',
    ...changes,
  });

  test.each<[string, Partial<ReportDeviceFaultInput>, string | undefined]>([
    ['all is well', {}, undefined],
    ['none failed', { failedDevices: 0 }, 'failedDevices'],
    ['more failed than there are', { failedDevices: 9 }, 'failedDevices'],
    ['there are none', { devices: 0 }, 'devices'],
    ['a category has no bed', { beds: [{ category: ICU, beds: 0 }] }, 'beds[0].beds'],
    ['a category stands twice', { beds: [ONE_BED, ONE_BED] }, 'beds[1].category'],
    ['nobody states it', { source: ' ' }, 'source'],
    ['the text is too long', { description: 'x'.repeat(501) }, 'description'],
    ['it was observed in the future', { observedAt: hoursFromNow(1) }, 'observedAt'],
    ['it was observed long ago', { observedAt: hoursFromNow(-200) }, 'observedAt'],
    ['it began after it was observed', { since: hoursFromNow(0.01) }, 'since'],
    ['it began more than a year before', { since: hoursFromNow(-9_000) }, 'since'],
    ['it is repaired before it began', { expectedRepairAt: hoursFromNow(-1) }, 'expectedRepairAt'],
  ])('%s', (_, changes, field) => {
    const refusal = reportRefusal(input(changes), NOW);
    expect(refusal && 'field' in refusal ? refusal.field : refusal).toBe(field);
  });

  test('a plant for medical gases is a case without beds, because its lifelines limit them', () => {
    const plant = { kind: 'MEDICAL_GAS_PLANT', failedDevices: 1, devices: 2 } as const;
    expect(reportRefusal(input(plant), NOW)).toMatchObject({ __typename: 'FaultOfLifeline' });
    expect(reportRefusal(input({ ...plant, beds: [] }), NOW)).toBeUndefined();
  });

  test.each([
    ['expectedAt', 24 * 31],
    ['expectedAt', -1],
    ['expectedRepairAt', 24 * 367],
  ] as const)('%s is refused %s hours ahead', (field, hours) => {
    expect(expectedRefusal(field, hoursFromNow(hours), NOW)).toMatchObject({ field });
    expect(expectedRefusal(field, hoursFromNow(2), NOW)).toBeUndefined();
  });
});
