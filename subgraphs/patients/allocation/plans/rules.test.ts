import type { Caller } from '../../../../shared/identity/index.js';
import { refusalIfClosedPlan } from './rules.js';
import { seesPlan, isSentTo, planVisibilityOf, concernsArea } from './visibility.js';

const FACILITY = '6f1c3f0e-0000-4000-8000-000000000001';
const caller = (
  role: string,
  area: Partial<Caller['claims']>,
  scopes = ['allocations:read'],
): Caller => ({
  claims: { roles: [role], scopes, areas: [], facilities: [], organisations: [], ...area },
});

test.each([
  ['PROPOSED', undefined],
  ['CONFIRMING', 'is being confirmed'],
  ['CONFIRMED', 'is confirmed'],
  ['DISCARDED', 'is discarded'],
] as const)('a refusal of a plan that is %s says: %p', (status, words) => {
  const refusal = refusalIfClosedPlan({ id: 'p', status });
  if (words === undefined) expect(refusal).toBeUndefined();
  else {
    expect(refusal).toMatchObject({ __typename: 'PlanEnded', plan: { id: 'p' } });
    expect(refusal!.message).toContain(words);
  }
});

test.each([
  ['dispatch', ['05'], ['05'], ['05']],
  ['crisis-staff', [''], [''], ['']],
  ['spoc', ['05'], [], []],
  ['hospital', ['05'], [], []],
] as const)(
  'a %s of %p leads in %p and sees the destinations in %p',
  (role, areas, leads, destinationAreas) => {
    expect(planVisibilityOf(caller(role, { areas: [...areas] }))).toEqual({
      areas: leads,
      facilities: [],
      destinationAreas,
    });
  },
);

test('a caller without the scope sees nothing, and an invalid id is no facility', () => {
  const area = { areas: [''], facilities: [FACILITY, 'x'] };
  const nothing = { areas: [], facilities: [], destinationAreas: [] };
  expect(planVisibilityOf(caller('dispatch', area, []))).toEqual(nothing);
  expect(planVisibilityOf(caller('hospital', area)).facilities).toEqual([FACILITY]);
});

const proposed = { area: '05315', tags: ['incident:i'] };
const confirmed = { area: '05315', tags: ['incident:i', 'area:09162', `facility:${FACILITY}`] };

test.each<[string, Partial<Caller['claims']>, boolean, boolean]>([
  ['dispatch', { areas: ['053'] }, true, true],
  ['dispatch', { areas: ['09'] }, false, true],
  ['spoc', { areas: ['05'] }, false, false],
  ['spoc', { areas: ['09'] }, false, false],
  ['dispatch', { areas: ['08'] }, false, false],
  ['hospital', { facilities: [FACILITY] }, false, true],
])(
  'a %s with %j is notified of a proposal: %p, and of its confirmation: %p',
  (role, area, before, after) => {
    const visibility = planVisibilityOf(caller(role, area));
    expect([seesPlan(visibility, proposed), seesPlan(visibility, confirmed)]).toEqual([
      before,
      after,
    ]);
  },
);

test('patients who are sent to a Kreis are sent to every area that contains it', () => {
  expect(['', '09', '09162', '0916', '08'].map((area) => isSentTo(confirmed, area))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
  expect(isSentTo(proposed, '')).toBe(false);
});

const OTHER = '6f1c3f0e-0000-4000-8000-000000000002';
const FULL = '6f1c3f0e-0000-4000-8000-000000000003';
/** From a full facility in Cologne to Munich and to Hamburg. */
const spread = {
  area: '05315',
  tags: [
    `facility:${FULL}`,
    'area:09162',
    'area:02000',
    `facility:${FACILITY}`,
    `facility:${OTHER}`,
    `sent:09162:${FACILITY}`,
    `sent:02000:${OTHER}`,
  ],
};

test.each<[string, Partial<Caller['claims']>, string[]]>([
  ['dispatch', { areas: ['05'] }, ['05', '09', '02']],
  ['hospital', { facilities: [FULL] }, ['05', '09', '02']],
  ['crisis-staff', { areas: ['09'] }, ['05', '09']],
  ['dispatch', { areas: ['02'] }, ['05', '02']],
  ['hospital', { facilities: [FACILITY] }, ['05', '09']],
  ['hospital', { facilities: [OTHER], areas: [''] }, ['05', '02']],
])('a %s of %j who filters by one area is notified for %j', (role, kreis, isExpected) => {
  const visibility = planVisibilityOf(caller(role, kreis));
  expect(['05', '09', '02', '08'].filter((area) => concernsArea(visibility, spread, area))).toEqual(
    isExpected,
  );
});
