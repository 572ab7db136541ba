import { MINUTE_MS } from '../../../../shared/time/rules.js';
import { invalid, numberFault, type WithTypename } from '../../../../shared/validation/rules.js';
import type {
  InvalidFindings,
  InvalidPzc,
  Need,
  NotByPhysician,
  TriageCategory,
  TriageMethod,
  TriagePatientInput,
} from '../../generated/graphql.js';
import { invalidPzc, normalisedPzc, pzcWithoutAge } from '../patients/rules.js';
import { mstart } from './rules/mstart.js';

/**
 * Minutes until a patient in SK IV is due for another triage: "no chance under the present conditions" holds only while the
 * conditions do. Our policy; no guideline names a number.
 */
export const RETRIAGE_MINUTES = 30;

/** Categories that only a physician may decide (8. Sichtungskonsensuskonferenz). */
const FOR_PHYSICIANS: ReadonlySet<TriageCategory> = new Set(['SK_IV', 'EX']);

/** The fields of a patient that a triage decides. */
export interface TriageState {
  category: TriageCategory;
  byPhysician: boolean;
  triagedAt: Date | null;
  retriageAt: Date | null;
  diedAt: Date | null;
}

export interface Assessment {
  category: TriageCategory;
  method: TriageMethod;
  byPhysician: boolean;
}

/** The needs of a patient during transport and in a facility, which every triage can change. */
export interface Care {
  needs: Need[];
  ventilated: boolean;
  physicianEscort: boolean;
  pzc: string | null;
}

/** Returns the fault of a triage input, as a sentence for the caller; undefined if it has none. */
export function triageFault({
  category,
  findings,
  physician = false,
  transportable,
}: Pick<TriagePatientInput, 'category' | 'findings' | 'physician' | 'transportable'>):
  string | undefined {
  if ((category == null) === (findings == null)) {
    return `Give either category or findings; received ${category == null ? 'neither' : 'both'}.`;
  }
  if (transportable != null && !physician) {
    return 'transportable is for a physician to decide; received it without physician: true. Let a physician triage the patient, or omit it.';
  }
  return numberFault('respiratoryRate', findings?.respiratoryRate ?? 0, {
    minimum: 0,
    maximum: 100,
    unit: 'breaths per minute',
  });
}

/** Returns the assessment of a triage: the stated category, or the one that mSTaRT derives from the findings. */
export function assess({
  physician = false,
  category,
  findings,
}: Pick<TriagePatientInput, 'physician' | 'category' | 'findings'>):
  Assessment | WithTypename<NotByPhysician> | WithTypename<InvalidFindings> {
  const found = findings ? mstart(findings) : category!;
  if (typeof found !== 'string') return invalidFindings(found.missing);
  const method = findings ? 'MSTART' : physician ? 'PHYSICIAN' : 'STATED';
  return notByPhysician(found, physician) ?? { category: found, method, byPhysician: physician };
}

/** Returns the refusal of a category that only a physician may decide; undefined if a physician did or need not. */
export function notByPhysician(
  category: TriageCategory,
  physician: boolean,
): WithTypename<NotByPhysician> | undefined {
  if (physician || !FOR_PHYSICIANS.has(category)) return undefined;
  return {
    __typename: 'NotByPhysician',
    message: `${category} is for a physician to decide. Let a physician triage the patient and send physician: true; until then the present category holds.`,
    refusedCategory: category,
  };
}

/**
 * Returns whether an assessment takes effect: that of a physician always, that of a pre-triage only while no physician has
 * triaged. So a physician's Sichtung outranks every Vorsichtung, earlier and later ones.
 */
export function isDecisive(
  { byPhysician }: Pick<TriageState, 'byPhysician'>,
  assessment: Assessment,
): boolean {
  return assessment.byPhysician || !byPhysician;
}

/** Returns the state of a patient after an assessment that takes effect. */
export function applyAssessment(
  { diedAt }: Pick<TriageState, 'diedAt'>,
  { category, byPhysician }: Pick<Assessment, 'category' | 'byPhysician'>,
  now: Date,
): TriageState {
  return {
    category,
    byPhysician: byPhysician && category !== 'UNTRIAGED',
    triagedAt: category === 'UNTRIAGED' ? null : now,
    retriageAt:
      category === 'SK_IV' ? new Date(now.getTime() + RETRIAGE_MINUTES * MINUTE_MS) : null,
    diedAt: category === 'EX' ? (diedAt ?? now) : null,
  };
}

/**
 * Returns the needs of a patient after a triage; omitted ones stay. An invalid PZC is refused as at registration. The PZC of an
 * erased patient is stored without the age.
 */
export function applyCare(
  before: Care & { erasedAt: Date | null },
  {
    needs,
    ventilated,
    physicianEscort,
    pzc,
  }: Pick<TriagePatientInput, 'needs' | 'ventilated' | 'physicianEscort' | 'pzc'>,
): Care | WithTypename<InvalidPzc> {
  const code = pzc == null ? before.pzc : normalisedPzc(pzc);
  if (code === undefined) return invalidPzc(pzc!);
  return {
    needs: needs ? [...new Set(needs)] : before.needs,
    ventilated: ventilated ?? before.ventilated,
    physicianEscort: physicianEscort ?? before.physicianEscort,
    pzc: code === null || before.erasedAt === null ? code : pzcWithoutAge(code),
  };
}

/** Returns whether a patient is transportable after a triage. The decision holds for one category: another one resets it. */
export function isTransportable(
  before: { category: TriageCategory; transportable: boolean | null },
  {
    category,
    transportable,
  }: { category: TriageCategory; transportable?: boolean | null | undefined },
): boolean | null {
  return transportable ?? (category === before.category ? before.transportable : null);
}

/** Returns whether the next triage of a patient is due. */
export function isDue(retriageAt: Date | null, now: Date): boolean {
  return retriageAt !== null && retriageAt <= now;
}

function invalidFindings(missing: string[]): WithTypename<InvalidFindings> {
  const refusal = invalid(
    'InvalidFindings',
    'findings',
    `The findings are not decisive. Examine what is missing, ${missing.join(', ')}, or give the category.`,
  );
  return { ...refusal, missingFindings: missing };
}
