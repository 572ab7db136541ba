import { readFileSync } from 'node:fs';
import { claimSetFrom } from '../../../shared/identity/index.js';
import { projectPath } from '../../../shared/root.js';
import { areasToRead } from '../../../shared/identity/rules.js';
import { faultVisibilityOf } from '../devices/index.js';
import { lifelineVisibilityOf } from '../lifelines/visibility.js';
import { requestVisibilityOf } from '../requests/access/visibility.js';
import { areasOfNeeds } from '../shortages/visibility.js';
import { mayBookFor } from '../stocks/visibility.js';
import { READ_BY_AREA, type SupplyReadByArea } from './rules.js';

const SUBJECTS = [
  'LIFELINES',
  'DEVICE_FAULTS',
  'FACILITY_STOCKS',
  'ORGANISATION_STOCKS',
  'REQUESTS',
] as const;
const ROLES = Object.keys(
  JSON.parse(readFileSync(projectPath('shared/roles.json'), 'utf8')) as object,
);

const EXPECTED: Readonly<Record<string, readonly SupplyReadByArea[]>> = {
  dispatch: ['LIFELINES', 'DEVICE_FAULTS', 'FACILITY_STOCKS', 'REQUESTS'],
  'health-office': SUBJECTS,
  'crisis-staff': SUBJECTS,
  spoc: ['REQUESTS'],
};

const readBy = (roles: string[], areas: string[], what: SupplyReadByArea) =>
  areasToRead(READ_BY_AREA, { claims: claimSetFrom({ roles, areas }) }, what);

test.each(ROLES)('%s reads by area what its task needs, and nothing else', (role) => {
  const read = SUBJECTS.filter((what) => readBy([role], ['05'], what).length > 0);
  expect(read).toEqual(EXPECTED[role] ?? []);
});

test('a caller reads in the areas of their token alone, whichever of their roles allows it', () => {
  const read = readBy(['supplier', 'health-office'], ['05', '09162'], 'ORGANISATION_STOCKS');
  expect(read).toEqual(['05', '09162']);
});

test('the areas of one role show nothing that only another one reads', () => {
  const claims = claimSetFrom({
    grants: [
      { role: 'health-office', areas: ['05315'] },
      { role: 'dispatch', areas: ['05'] },
      { role: 'spoc', areas: [''] },
      { role: 'supplier', areas: ['09'] },
    ],
  });
  const readHere = (what: SupplyReadByArea) =>
    [...areasToRead(READ_BY_AREA, { claims }, what)].sort();
  expect(readHere('ORGANISATION_STOCKS')).toEqual(['05315']);
  expect(readHere('LIFELINES')).toEqual(['05', '05315']);
  expect(readHere('REQUESTS')).toEqual(['', '05', '05315']);
});

test('no part of supply lends one role what another one holds', () => {
  const facility = '0a000000-0000-4000-8000-000000000000';
  const organisation = '0b000000-0000-4000-8000-000000000000';
  const claims = claimSetFrom({
    grants: [
      { role: 'crisis-staff', areas: ['05315'] },
      { role: 'dispatch', areas: ['09'] },
      { role: 'supplier', areas: ['14'], organisations: [organisation], facilities: [facility] },
      { role: 'chamber', areas: [''], organisations: [facility] },
    ],
  });
  const caller = { claims };
  expect(requestVisibilityOf(caller)).toEqual({
    areas: ['05315', '09'],
    facilities: [],
    suppliers: [organisation],
    supplierAreas: ['14'],
  });
  expect(faultVisibilityOf(caller)).toEqual({
    facilities: [],
    areas: ['05315', '09'],
    partners: [organisation],
  });
  expect(lifelineVisibilityOf(caller)).toEqual({ facilities: [], areas: ['05315', '09'] });
  expect(areasOfNeeds(caller)).toEqual(['']);
  const booksIn = (area: string) => mayBookFor(caller, { holder: { facility }, area });
  expect(['05315', '09162', '14511'].filter(booksIn)).toEqual(['05315']);
  const booksFor = (id: string) =>
    mayBookFor(caller, { holder: { organisation: id }, area: '05315' });
  expect([organisation, facility].filter(booksFor)).toEqual([organisation]);
});
