import { MINUTE_MS } from '../../../shared/time/rules.js';
import type { StoredClosure } from '../closures/rules.js';
import type { Hazard } from '../generated/graphql.js';
import type { DeclaredPhase } from '../phases/store.js';
import type { BedsFacts, CasualtyFacts, FacilityFacts } from '../facility-search/rules/facts.js';

/** The instant at which facilities are judged. */
export const now = new Date('2026-01-15T09:00:00Z');
export const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * MINUTE_MS);

/** A hospital without anything, with the changes that the test is about. */
export const facility = (changes: Partial<FacilityFacts> = {}): FacilityFacts => ({
  kind: 'HOSPITAL',
  capabilities: [],
  isModelled: false,
  careLevel: 'STANDARD',
  closures: [],
  phases: [],
  failsAt: null,
  beds: [],
  intake: [],
  ...changes,
});
export const icu = (changes: Partial<BedsFacts> = {}): BedsFacts => ({
  category: 'ICU_HIGH_CARE',
  free: 2,
  freeAhead: 2,
  isUnsustained: false,
  status: 'AVAILABLE',
  stale: false,
  source: 'ward system',
  method: 'REPORTED',
  observedAt: minutesAgo(1),
  receivedAt: now,
  late: false,
  ...changes,
});
export const redIntake = (changes: Partial<CasualtyFacts> = {}): CasualtyFacts => ({
  category: 'SK_I',
  limit: 3,
  reserved: 1,
  free: 2,
  method: 'REPORTED',
  ...changes,
});
export const closure = (changes: Partial<StoredClosure> = {}): StoredClosure => ({
  __typename: 'Closure',
  id: 'the closure',
  facilityId: 'the facility',
  department: 'WHOLE_HOUSE',
  urgencies: ['IMMEDIATE'],
  reason: 'no power',
  hazard: null,
  closedAt: minutesAgo(60),
  until: minutesAgo(-60),
  reopenedAt: null,
  overriddenAt: null,
  overrideReason: null,
  ...changes,
});
export const phase = (hazard: Hazard): DeclaredPhase => ({
  id: `the phase for ${hazard}`,
  area: '05315',
  phase: 'CATASTROPHE',
  hazard,
  legalBasis: '§ 1 BHKG',
  declaredAt: minutesAgo(60),
  declaredBy: 'the crisis staff',
  endedAt: null,
  endedBy: null,
  endReason: null,
});
