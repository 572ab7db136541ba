import { readFileSync } from 'node:fs';
import { projectPath } from '../../../shared/root.js';
import { areasToRead } from '../../../shared/identity/rules.js';
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

test.each(ROLES)('%s reads by area what its task needs, and nothing else', (role) => {
  const read = SUBJECTS.filter(
    (what) => areasToRead(READ_BY_AREA, { roles: [role], areas: ['05'] }, what).length > 0,
  );
  expect(read).toEqual(EXPECTED[role] ?? []);
});

test('a caller reads in the areas of their token alone, whichever of their roles allows it', () => {
  const claims = { roles: ['supplier', 'health-office'], areas: ['05', '09162'] };
  expect(areasToRead(READ_BY_AREA, claims, 'ORGANISATION_STOCKS')).toEqual(['05', '09162']);
});
