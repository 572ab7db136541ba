import { NOW } from '../../shared/testing/now.js';
import { reportingSites, reportsOf } from './day.js';
import type { FacilityKind } from './generated/operations.js';
import type { KreisDay } from './register.js';

const site = (area: string, number: number, kind: FacilityKind = 'HOSPITAL') => ({
  id: `${area} ${number}`,
  siteNumber: String(number),
  kind,
  area,
  name: null,
  capabilities: [],
});
const row = (kreis: string, operable: number, occupied: number) => ({
  kreis,
  operable,
  occupied,
  free: Math.max(0, operable - occupied),
});
const reports = (
  { rows, ended = [] }: { rows: KreisDay[]; ended?: string[] },
  ...facilities: ReturnType<typeof site>[]
) => {
  const circumstances = { own: [], ended, observedAt: NOW };
  return reportsOf('2020-10-01', rows, reportingSites(facilities), circumstances);
};

test('a placeholder has the beds of its Kreis where no hospital is known', () => {
  const result = reports({ rows: [row('03401', 9, 3)] }, site('03401', 1, 'PLACEHOLDER'));
  expect(result.reports).toMatchObject([{ facility: '03401 1', operable: 9, occupied: 3 }]);
});

test('a placeholder is not reported where a hospital is known: its beds are the hospital’s', () => {
  const result = reports(
    { rows: [row('03401', 9, 3)] },
    site('03401', 1, 'PLACEHOLDER'),
    site('03401', 2),
    site('03401', 3, 'PSYCHIATRIC_HOSPITAL'),
  );
  expect(result.reports).toMatchObject([
    { facility: '03401 1', operable: null, occupied: null, status: 'NOT_REPORTED' },
    { facility: '03401 2', operable: 9, occupied: 3, status: 'AVAILABLE' },
  ]);
});

test('the facilities of a Kreis whose numbers have ended are not reported, those that had none say nothing', () => {
  const result = reports(
    { rows: [row('01001', 5, 2)], ended: ['01002', '01003'] },
    site('01001', 1),
    site('01002', 1),
    site('01002', 2, 'PSYCHIATRIC_HOSPITAL'),
  );
  expect(result.reports).toMatchObject([
    { facility: '01001 1', operable: 5 },
    {
      facility: '01002 1',
      operable: null,
      occupied: null,
      status: 'NOT_REPORTED',
      method: 'MODELLED',
      source: 'DIVI-Intensivregister 2020-10-01',
    },
  ]);
  expect(result.withoutSite).toEqual([]);
});

test('a Kreis with beds for which the hub knows no facility is named', () => {
  expect(reports({ rows: [row('01001', 5, 2)] }).withoutSite).toEqual(['01001']);
});
