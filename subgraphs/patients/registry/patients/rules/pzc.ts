import type { Named } from '../../../capacity-client/rules.js';
import type { InvalidPzc, Pzc, TriageCategory } from '../../../generated/graphql.js';

const PZC = /^(\d{3})-?(\d{2})-?([1-3])$/;
const AGE_ERASED = 'xx';
const LONGEST_PZC_SHOWN = 20;

/** The Rückmeldeindizes (RMI) of a Land in one of their editions. */
export interface RmiList {
  version: string;
  codes: ReadonlySet<string>;
}

/** Sichtungskategorien that no priority of individual medicine belongs to. */
const WITHOUT_PRIORITY: ReadonlySet<TriageCategory> = new Set(['SK_IV', 'EX', 'UNINJURED']);

/** A Patientenzuweisungscode without its separators; undefined for what is none. */
export function normalisedPzc(text: string): string | undefined {
  const parts = PZC.exec(text.trim());
  return parts ? parts.slice(1).join('') : undefined;
}

/** The refusal of what is no code. */
export function invalidPzc(pzc: string): Named<InvalidPzc> {
  const given = pzc.slice(0, LONGEST_PZC_SHOWN);
  return {
    __typename: 'InvalidPzc',
    message: `A PZC has three digits of the RMI, two of the age and a priority of 1 to 3, as 332-76-1; "${given}" came. Leave it out if it is not known.`,
    given,
  };
}

/** The code without the age, the one part of it that tells of the person. */
export function pzcWithoutAge(code: string): string {
  return code.slice(0, 3) + AGE_ERASED + code.slice(5);
}

/**
 * What a stored code says. Its priority is one of individual medicine, not the Sichtungskategorie: whoever has no prospect,
 * is dead or is uninjured has none, whatever the code ends with.
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

/** What the active list has against a stored code. Never a refusal: the patient comes first, and lists differ by Land. */
export function rmiWarning(code: string, list: RmiList | undefined): string | null {
  const rmi = code.slice(0, 3);
  if (list === undefined || list.codes.has(rmi)) return null;
  return `The RMI ${rmi} is not in the active list ${list.version}. Ask whoever gave it, if there is time; the patient is taken as he is.`;
}
