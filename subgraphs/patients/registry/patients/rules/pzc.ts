import { invalid, type WithTypename } from '../../../../../shared/validation/rules.js';
import type { InvalidPzc, Pzc, TriageCategory } from '../../../generated/graphql.js';

const PZC = /^(\d{3})-?(\d{2})-?([1-3])$/;
const AGE_ERASED = 'xx';
const LONGEST_PZC_SHOWN = 20;

/** One edition of the Rückmeldeindizes (RMI) of a Land. */
export interface RmiList {
  version: string;
  codes: ReadonlySet<string>;
}

/** Sichtungskategorien without a priority of individual medicine. */
const WITHOUT_PRIORITY: ReadonlySet<TriageCategory> = new Set(['SK_IV', 'EX', 'UNINJURED']);

/** Returns a Patientenzuweisungscode without its separators; undefined for any other text. */
export function normalisedPzc(text: string): string | undefined {
  const parts = PZC.exec(text.trim());
  return parts ? parts.slice(1).join('') : undefined;
}

/** Returns the refusal of a text that is not a Patientenzuweisungscode. */
export function invalidPzc(pzc: string): WithTypename<InvalidPzc> {
  const given = pzc.slice(0, LONGEST_PZC_SHOWN);
  const refusal = invalid(
    'InvalidPzc',
    'pzc',
    `A PZC has three digits of the RMI, two of the age and a priority of 1 to 3, as 332-76-1; received "${given}". Omit it if it is not known.`,
  );
  return { ...refusal, given };
}

/** Returns the code without the age, its only personal part. */
export function pzcWithoutAge(code: string): string {
  return code.slice(0, 3) + AGE_ERASED + code.slice(5);
}

/**
 * Returns the parts of a stored code. Its priority belongs to individual medicine and is not the Sichtungskategorie: patients
 * without prospect, dead or uninjured have none, whatever the code ends with.
 */
export function pzcParts(code: string, category: TriageCategory): Omit<Pzc, 'warning'> {
  const age = code.slice(3, 5);
  return {
    code,
    rmi: code.slice(0, 3),
    ageCode: age === AGE_ERASED ? null : age,
    priority: WITHOUT_PRIORITY.has(category) ? null : Number(code[5]),
  };
}

/** Returns a warning if the active list lacks the RMI of a stored code. It never refuses one, because lists differ by Land. */
export function rmiWarning(code: string, list: RmiList | undefined): string | null {
  const rmi = code.slice(0, 3);
  if (list === undefined || list.codes.has(rmi)) return null;
  return `The RMI ${rmi} is not in the active list ${list.version}. If time permits, check it with the person who stated it; the patient is registered all the same.`;
}
