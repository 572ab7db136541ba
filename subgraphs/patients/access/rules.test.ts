import { readFileSync } from 'node:fs';
import { rolesThatRead } from '../../../shared/identity/rules.js';
import { projectPath } from '../../../shared/root.js';
import { READ_BY_AREA } from './rules.js';

const SUBJECTS = ['PATIENTS', 'IDENTITIES', 'CLINICAL_APPROVALS', 'STRATEGIC_APPROVALS'] as const;
const ROLES = Object.keys(
  JSON.parse(readFileSync(projectPath('shared/roles.json'), 'utf8')) as object,
);

const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  dispatch: ['PATIENTS', 'CLINICAL_APPROVALS'],
  'crisis-staff': ['PATIENTS', 'CLINICAL_APPROVALS', 'STRATEGIC_APPROVALS'],
  spoc: ['STRATEGIC_APPROVALS'],
  'family-information': ['IDENTITIES'],
};

test.each(ROLES)('%s reads by area what its task needs, and nothing else', (role) => {
  const read = SUBJECTS.filter((what) => rolesThatRead(READ_BY_AREA, what).has(role));
  expect(read).toEqual(EXPECTED[role] ?? []);
});
