import type { Named } from '../../capacity-client/rules.js';
import type {
  IncompleteFindings,
  InvalidPzc,
  Need,
  NotByPhysician,
  TriageCategory,
  TriageMethod,
  TriagePatientInput,
} from '../../generated/graphql.js';
import { invalidPzc, normalisedPzc, pzcWithoutAge } from '../patients/rules/pzc.js';
import { mstart } from './rules/mstart.js';

/**
 * How long until SK IV is offered again for triage: "no chance under the present conditions" holds only as long as the
 * conditions do. Policy; no guideline names a number.
 */
export const RETRIAGE_MINUTES = 30;

/** Categories that only a physician may decide (8. Sichtungskonsensuskonferenz). */
const FOR_PHYSICIANS: ReadonlySet<TriageCategory> = new Set(['SK_IV', 'EX']);

/** What a triage makes of a patient. */
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

/** What a patient needs on his way and in a house, as far as it can change with every look at him. */
export interface Care {
  needs: Need[];
  ventilated: boolean;
  physicianEscort: boolean;
  pzc: string | null;
}

/** What is wrong with a wish to triage, as a sentence for the caller; undefined when nothing is. */
export function triageFault({
  category,
  findings,
  physician = false,
  transportable,
}: Pick<TriagePatientInput, 'category' | 'findings' | 'physician' | 'transportable'>):
  string | undefined {
  if ((category == null) === (findings == null)) {
    return `Give either category or findings; ${category == null ? 'neither' : 'both'} came.`;
  }
  if (transportable != null && !physician) {
    return 'transportable is for a physician to decide; it came without physician: true. Have one triage the patient, or leave it out.';
  }
  const rate = findings?.respiratoryRate;
  if (rate != null && (rate < 0 || rate > 100)) {
    return `respiratoryRate is a number of breaths a minute, 0 to 100; ${rate} came.`;
  }
  return undefined;
}

/** What a triage found: the stated category, or what follows from the findings. */
export function assess({
  physician = false,
  category,
  findings,
}: Pick<TriagePatientInput, 'physician' | 'category' | 'findings'>):
  Assessment | Named<NotByPhysician> | Named<IncompleteFindings> {
  const found = findings ? mstart(findings) : category!;
  if (typeof found !== 'string') return incompleteFindings(found.missing);
  const method = findings ? 'MSTART' : physician ? 'PHYSICIAN' : 'STATED';
  return notByPhysician(found, physician) ?? { category: found, method, byPhysician: physician };
}

/** The refusal of a category that only a physician may decide, when none did. */
export function notByPhysician(
  category: TriageCategory,
  physician: boolean,
): Named<NotByPhysician> | undefined {
  if (physician || !FOR_PHYSICIANS.has(category)) return undefined;
  return {
    __typename: 'NotByPhysician',
    message: `${category} is for a physician to decide. Have one triage the patient and send it with physician: true; until then he is treated as he was.`,
    refusedCategory: category,
  };
}

/**
 * Whether an assessment comes into force: a physician's always, a pre-triage only while no physician has triaged. So a
 * physician's Sichtung outranks every Vorsichtung for ever, whichever came first.
 */
export function isDecisive(
  { byPhysician }: Pick<TriageState, 'byPhysician'>,
  assessment: Assessment,
): boolean {
  return assessment.byPhysician || !byPhysician;
}

/** The patient after an assessment that comes into force. */
export function applyAssessment(
  { diedAt }: Pick<TriageState, 'diedAt'>,
  { category, byPhysician }: Pick<Assessment, 'category' | 'byPhysician'>,
  now: Date,
): TriageState {
  return {
    category,
    byPhysician: byPhysician && category !== 'UNTRIAGED',
    triagedAt: category === 'UNTRIAGED' ? null : now,
    retriageAt: category === 'SK_IV' ? new Date(now.getTime() + RETRIAGE_MINUTES * 60_000) : null,
    diedAt: category === 'EX' ? (diedAt ?? now) : null,
  };
}

/**
 * What a triage says of his needs, with what it leaves out as it was; a code that cannot be is refused as at registration.
 * Who was erased stays so: a code tells his age.
 */
export function applyCare(
  before: Care & { erasedAt: Date | null },
  {
    needs,
    ventilated,
    physicianEscort,
    pzc,
  }: Pick<TriagePatientInput, 'needs' | 'ventilated' | 'physicianEscort' | 'pzc'>,
): Care | Named<InvalidPzc> {
  const code = pzc == null ? before.pzc : normalisedPzc(pzc);
  if (code === undefined) return invalidPzc(pzc!);
  return {
    needs: needs ? [...new Set(needs)] : before.needs,
    ventilated: ventilated ?? before.ventilated,
    physicianEscort: physicianEscort ?? before.physicianEscort,
    pzc: code === null || before.erasedAt === null ? code : pzcWithoutAge(code),
  };
}

/** A physician's word that he may be moved on holds for the state he was in then: another category takes it away. */
export function isTransportable(
  before: { category: TriageCategory; transportable: boolean | null },
  {
    category,
    transportable,
  }: { category: TriageCategory; transportable?: boolean | null | undefined },
): boolean | null {
  return transportable ?? (category === before.category ? before.transportable : null);
}

/** Whether a patient is to be triaged again by now. */
export function isDue(retriageAt: Date | null, now: Date): boolean {
  return retriageAt !== null && retriageAt <= now;
}

function incompleteFindings(missing: string[]): Named<IncompleteFindings> {
  return {
    __typename: 'IncompleteFindings',
    message: `Nothing of what was found decides. Look for what is missing, ${missing.join(', ')}, or give the category.`,
    missingFindings: missing,
  };
}
