import fc from 'fast-check';
import {
  casualties,
  casualty,
  candidate,
  largeIncident,
  scene,
  steering,
  type Part,
} from '../testing/steering.js';
import { endPlanner, propose, UnusableInput } from './propose.js';
import type { Plan } from './rules/plan.js';

afterAll(endPlanner);

const assigned = ({ load }: Plan, facility: string) =>
  load.filter((one) => one.facility === facility).reduce((sum, one) => sum + one.assigned, 0);
const facilityOf = ({ assignments }: Plan, patient: string) =>
  assignments.find((one) => one.patient === patient)?.facility;
const reasonFor = ({ unallocated }: Plan, patient: string) =>
  unallocated.find((one) => one.patient === patient)?.code;

test('a plan gives no trauma centre more than its planning number: 10 without a call, 30 with its alarm plan', async () => {
  const mixed = [
    ...casualties(20),
    ...casualties(20, { category: 'SK_II' }),
    ...casualties(60, { category: 'SK_III' }),
  ];
  const parameters = { waveSkI: 100, waveSkII: 100, waveSkIII: 100 };
  const without = await propose(
    steering({
      casualties: mixed,
      facilities: [candidate('a', 5, { SK_I: 1, SK_II: 2, SK_III: 7 })],
      parameters,
    }),
  );
  const alarmed = await propose(
    steering({
      casualties: mixed,
      facilities: [candidate('a', 5, { SK_I: 3, SK_II: 7, SK_III: 20 })],
      parameters,
    }),
  );
  expect([assigned(without, 'a'), assigned(alarmed, 'a')]).toEqual([10, 30]);
  expect(new Set(without.unallocated.map(({ code }) => code))).toEqual(new Set(['NO_PLACE_LEFT']));
});

describe('Six facilities that take 2 SK I each in a wave, and 15 SK I:', () => {
  const six = [10, 12, 14, 16, 18, 20].map((km) => candidate(`h${km}`, km, { SK_I: 10 }));
  const fifteen = casualties(15);

  test('12 go in the first wave, 3 wait for the feedback', async () => {
    const plan = await propose(steering({ casualties: fifteen, facilities: six }));
    expect(plan.load.map((one) => one.assigned)).toEqual([2, 2, 2, 2, 2, 2]);
    expect(plan.unallocated.map(({ code }) => code)).toEqual(Array(3).fill('NEXT_WAVE'));
  });

  test('the 3 go in the second wave', async () => {
    const facilities = six.map((one) => ({
      ...one,
      intake: [
        { category: 'SK_I' as const, free: 8, limit: 10, reasons: [], method: 'REPORTED' as const },
      ],
      sent: { SK_I: 2 },
    }));
    const plan = await propose(steering({ casualties: fifteen.slice(12), facilities, wave: 2 }));
    expect(plan.summary).toMatchObject({ allocated: 3, unallocated: 0 });
    expect(assigned(plan, 'h10')).toBe(2);
  });

  test('the 3 go to the outer ring at once where facilities are there', async () => {
    const outer = [candidate('outer1', 70, { SK_I: 10 }), candidate('outer2', 75, { SK_I: 10 })];
    const plan = await propose(steering({ casualties: fifteen, facilities: [...six, ...outer] }));
    expect([assigned(plan, 'outer1'), assigned(plan, 'outer2')]).toEqual([2, 1]);
  });

  test('nobody has a second helping before all in the ring have had their first', async () => {
    const plan = await propose(steering({ casualties: fifteen, facilities: six, wave: 2 }));
    expect(plan.load.map((one) => one.assigned).sort()).toEqual([2, 2, 2, 2, 3, 4]);
    expect(assigned(plan, 'h10')).toBe(4);
  });
});

test('a plan keeps slots of the nearest hospital free for those who come by themselves', async () => {
  const plan = await propose(
    steering({
      casualties: casualties(20, { category: 'SK_III' }),
      facilities: [
        candidate('near', 2, { SK_III: 12 }),
        ...[40, 41].map((km) => candidate(`f${km}`, km, { SK_III: 12 })),
      ],
      parameters: { walkInSkIII: 0.5 },
    }),
  );
  // Half of 20 walk in; of 12 slots 2 are left for those who are driven.
  expect([assigned(plan, 'near'), assigned(plan, 'f40'), assigned(plan, 'f41')]).toEqual([
    2, 12, 6,
  ]);
  expect(plan.load[2]).toMatchObject({ facility: 'near', allowed: 2, limit: 12 });
  const far = plan.assignments.find((one) => one.facility === 'f41');
  expect(far!.rejected[0]).toMatchObject({ facility: 'near', code: 'KEPT_FOR_WALK_INS' });
});

describe('A child with burns', () => {
  const child = casualty({ id: 'child', category: 'SK_II', needs: ['CHILD', 'BURNS'] });
  const facilities = [
    candidate('children', 5, { SK_II: 4 }, { capabilities: ['CHILD'] }),
    candidate('neither', 3, { SK_II: 4 }),
    candidate('both', 200, { SK_II: 4 }, { capabilities: ['CHILD', 'BURNS'] }),
  ];
  const on = (part: Part) => propose(steering({ casualties: [child], facilities, ...part }));

  test('goes far to the facility that has both', async () => {
    const plan = await on({});
    expect(facilityOf(plan, 'child')).toBe('both');
    expect(plan.assignments[0]!.rejected.map(({ facility, code }) => [facility, code])).toEqual([
      ['neither', 'NEED_UNMET'],
      ['children', 'NEED_UNMET'],
    ]);
  });

  test('goes to the facility that lacks least where none in reach has both, and the plan says so', async () => {
    const plan = await on({ radiusKm: 100 });
    expect(plan.assignments[0]).toMatchObject({
      facility: 'children',
      reasons: expect.arrayContaining([
        expect.objectContaining({ code: 'NO_SPECIALIST_IN_REACH' }),
      ]),
    });
  });

  test('stays where policy waives no need', async () => {
    const plan = await on({ radiusKm: 100, parameters: { downgrade: 'NEVER' } });
    expect(reasonFor(plan, 'child')).toBe('NO_SPECIALIST_IN_REACH');
  });

  test('waits where the only facility with both is full, unless policy waives needs then', async () => {
    const full = facilities.map((one) =>
      one.id === 'both'
        ? candidate('both', 200, { SK_II: 1 }, { capabilities: ['CHILD', 'BURNS'] })
        : one,
    );
    const two = [child, casualty({ ...child, id: 'other', triagedAt: '2026-11-21T12:30:00.000Z' })];
    const strict = await on({ casualties: two, facilities: full });
    expect([facilityOf(strict, 'child'), reasonFor(strict, 'other')]).toEqual([
      'both',
      'NO_PLACE_LEFT',
    ]);
    const parameters = { downgrade: 'WHEN_NONE_FREE' as const };
    const lenient = await on({ casualties: two, facilities: full, parameters });
    expect([facilityOf(lenient, 'child'), facilityOf(lenient, 'other')].sort()).toEqual([
      'both',
      'children',
    ]);
  });

  test('a patient from whom others must be protected never goes to a facility without isolation', async () => {
    const plan = await on({
      casualties: [casualty({ id: 'x', category: 'SK_II', needs: ['ISOLATION'] })],
    });
    expect(reasonFor(plan, 'x')).toBe('NO_SPECIALIST_IN_REACH');
  });
});

describe('The slightly injured, the dying and the dead', () => {
  const facilities = [
    candidate('hospital', 5, { SK_I: 2, SK_III: 12 }),
    candidate('practice', 15, { SK_III: 12 }, { kind: 'PRACTICE', isTraumaCentre: false }),
  ];

  test('SK III goes to a practice, by ambulance or bus, and never to a slot of SK I', async () => {
    const plan = await propose(
      steering({ casualties: casualties(14, { category: 'SK_III' }), facilities }),
    );
    expect([assigned(plan, 'practice'), assigned(plan, 'hospital')]).toEqual([12, 2]);
    expect(plan.load.every(({ category }) => category === 'SK_III')).toBe(true);
    const means = Object.fromEntries(plan.assignments.map((one) => [one.facility, one.means]));
    expect(means).toEqual({ practice: 'BUS', hospital: 'KTW' });
  });

  test('SK IV stays under palliative care in the first wave, and is triaged again when SK I slots are free', async () => {
    const hopeless = [casualty({ id: 'first', category: 'SK_IV' })];
    const first = await propose(steering({ casualties: hopeless, facilities }));
    const second = await propose(steering({ casualties: hopeless, facilities, wave: 2 }));
    const none = await propose(steering({ casualties: hopeless, facilities: [], wave: 2 }));
    expect([first, second, none].map((plan) => reasonFor(plan, 'first'))).toEqual([
      'PALLIATIVE_ON_SCENE',
      'TRIAGE_AGAIN',
      'PALLIATIVE_ON_SCENE',
    ]);
  });

  test('the dead, the uninjured and the untriaged are given no facility, each with the reason', async () => {
    const others = (['EX', 'UNINJURED', 'UNTRIAGED'] as const).map((category) =>
      casualty({ id: category, category }),
    );
    const plan = await propose(steering({ casualties: others, facilities, wave: 3 }));
    expect(plan.assignments).toEqual([]);
    expect(others.map(({ id }) => reasonFor(plan, id))).toEqual([
      'DEAD',
      'NOT_INJURED',
      'NOT_TRIAGED',
    ]);
  });
});

test('a closed department is passed by; for SK I without an alternative the closure is set aside, and that is said', async () => {
  const closed = candidate(
    'closed',
    5,
    { SK_I: 2, SK_II: 2 },
    {
      closures: [{ needs: [], categories: ['SK_I', 'SK_II'] }],
    },
  );
  const two = [casualty({ id: 'red' }), casualty({ id: 'yellow', category: 'SK_II' })];
  const alone = await propose(steering({ casualties: two, facilities: [closed] }));
  expect(alone.assignments).toMatchObject([
    {
      patient: 'red',
      reasons: expect.arrayContaining([expect.objectContaining({ code: 'CLOSURE_SET_ASIDE' })]),
    },
  ]);
  expect(reasonFor(alone, 'yellow')).toBe('NO_HOUSE_IN_REACH');
  const both = await propose(
    steering({
      casualties: two,
      facilities: [closed, candidate('open', 50, { SK_I: 2, SK_II: 2 })],
    }),
  );
  expect(both.assignments.map(({ facility, rejected }) => [facility, rejected[0]?.code])).toEqual([
    ['open', 'CLOSED'],
    ['open', 'CLOSED'],
  ]);
});

test('facilities that the dispatcher leaves out, that are threatened, overwhelmed or out of reach get nobody', async () => {
  const plan = await propose(
    steering({
      casualties: casualties(1),
      facilities: [
        candidate('left', 1, { SK_I: 5 }),
        candidate('threatened', 2, { SK_I: 5 }, { reasons: ['HAZARD'] }),
        candidate('full', 3, { SK_I: 0 }),
        candidate('overwhelmed', 4, { SK_I: 5 }, { reasons: ['OVERWHELMED'] }),
        candidate('far', 90, { SK_I: 5 }),
        candidate('usable', 80, { SK_I: 5 }),
      ],
      without: ['left'],
      radiusKm: 85,
    }),
  );
  expect(plan.assignments).toMatchObject([
    { facility: 'usable', minutes: 104, method: 'ESTIMATED' },
  ]);
  expect(plan.assignments[0]!.rejected.map(({ code }) => code)).toEqual([
    'LEFT_OUT_BY_DISPATCHER',
    'HAZARD',
    'NO_PLACE_LEFT',
    'OVERWHELMED',
  ]);
});

test('helicopters go where they gain most, only to helipads, and no more than there are', async () => {
  const plan = await propose(
    steering({
      casualties: casualties(3),
      facilities: [
        candidate('noPad', 60, { SK_I: 1 }),
        candidate('pad', 110, { SK_I: 1 }, { helipad: true }),
        candidate('farPad', 220, { SK_I: 1 }, { helipad: true }),
      ],
      flights: 1,
    }),
  );
  expect(
    plan.assignments.map(({ facility, means, minutes }) => [facility, means, minutes]).sort(),
  ).toEqual([
    ['farPad', 'RTH', 60],
    ['noPad', 'RTW', 78],
    ['pad', 'RTW', 143],
  ]);
});

test('the patient of a category who was triaged first gets the nearest slot, whatever their needs', async () => {
  const queue = [0, 1, 2, 3, 4, 5, 6, 7].map((minute) =>
    casualty({
      id: `after ${minute}`,
      needs: minute % 2 ? ['NEUROSURGERY'] : [],
      triagedAt: `2026-11-21T12:0${minute}:00.000Z`,
    }),
  );
  const facilities = [10, 20, 30, 40, 50, 60].map((km) =>
    candidate(`h${km}`, km, { SK_I: 1 }, { capabilities: ['NEUROSURGERY'] }),
  );
  const plan = await propose(steering({ casualties: queue.toReversed(), facilities }));
  expect(plan.assignments.map(({ facility }) => facility)).toEqual(facilities.map(({ id }) => id));
  expect(plan.unallocated.map(({ patient }) => patient)).toEqual(['after 6', 'after 7']);
});

describe('equal inputs', () => {
  const input = largeIncident(200, 2);

  test('make the same plan with the same digest, in whatever order they come', async () => {
    const plan = withoutTime(await propose(input));
    const turned = await propose({
      ...input,
      scenes: input.scenes.toReversed(),
      casualties: input.casualties.toReversed(),
      facilities: input.facilities.toReversed(),
    });
    expect(withoutTime(turned)).toEqual(plan);
  });

  test('make the same digest whatever age, disability, insurance and nationality a record holds besides', async () => {
    const { digest } = await propose(input);
    const personal = fc.record({
      age: fc.nat(),
      disability: fc.boolean(),
      insurance: fc.string(),
      nationality: fc.string(),
    });
    await fc.assert(
      fc.asyncProperty(personal, async (more) => {
        const marked = input.casualties.map((one, n) => (n % 3 ? one : { ...one, ...more }));
        expect((await propose({ ...input, casualties: marked })).digest).toBe(digest);
      }),
      { numRuns: 5 },
    );
  });

  test('but for one patient’s needs make another digest', async () => {
    const [first, ...rest] = input.casualties;
    const other = [{ ...first!, needs: ['ECMO' as const] }, ...rest];
    const [a, b] = await Promise.all([propose(input), propose({ ...input, casualties: other })]);
    expect(a.digest).not.toBe(b.digest);
  });
});

test('without time for the solver nearest fit stands in, and the plan says so', async () => {
  const input = steering({
    casualties: casualties(3),
    facilities: [candidate('a', 10, { SK_I: 2 })],
    parameters: { solverMilliseconds: 0 },
  });
  const plan = await propose(input);
  expect(plan.summary).toMatchObject({
    method: 'NEAREST_FIT',
    timedOut: true,
    optimalityGap: null,
    allocated: 2,
  });
});

test.each<[string, Part]>([
  ['radiusKm', { radiusKm: 0 }],
  ['radiusKm', { radiusKm: NaN }],
  ['wave', { wave: 0 }],
  ['flights', { flights: -1 }],
  ['1 to 100000 patients', { casualties: [] }],
  ['position', { scenes: [{ ...scene(), position: { latitude: NaN, longitude: 0 } }] }],
  ['scene elsewhere', { casualties: casualties(1, { scene: 'elsewhere' }) }],
  ['detourFactor', { parameters: { detourFactor: 0.5 } }],
])('a proposal refuses an input without use and says what is wrong: %s', async (words, part) => {
  const input = steering({
    casualties: casualties(1),
    facilities: [candidate('a', 1, { SK_I: 1 })],
    ...part,
  });
  await expect(propose(input)).rejects.toThrow(UnusableInput);
  await expect(propose(input)).rejects.toThrow(words);
});

function withoutTime({ summary, ...rest }: Plan) {
  return { ...rest, summary: { ...summary, solverMilliseconds: 0 } };
}
