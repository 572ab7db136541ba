/**
 * What stands in a column that can hold any text:
 *
 * - `PATIENT`: words about a patient. `erase` is the statement that removes them; $1 are the patients' ids.
 * - `WORDS`: free text that is not about one patient, and in which somebody may be named all the same. `forget` is the
 *   statement that removes it once its time is over; $1 is before when, $2 how many rows at most.
 * - `NAME`: the name of an event, a place, a vehicle, a system or a law; it stays.
 * - `ACTOR`: the pseudonym of whoever acted.
 * - `CODE`: ids, codes, digests, public reference data, or a text that the hub itself makes from those.
 */
export type TextColumn =
  | { holds: 'PATIENT'; erase: string }
  | { holds: 'WORDS'; forget: string }
  | { holds: 'NAME' | 'ACTOR' | 'CODE' };

/** By table and column. */
export type TextColumns = Readonly<Record<string, Readonly<Record<string, TextColumn>>>>;

/** A column of codes. */
export const CODE: TextColumn = { holds: 'CODE' };
/** A column of names of things. */
export const NAME: TextColumn = { holds: 'NAME' };
/** A column of pseudonyms. */
export const ACTOR: TextColumn = { holds: 'ACTOR' };

/** A column of words about a patient, which the statement removes. */
export function about(erase: string): TextColumn {
  return { holds: 'PATIENT', erase };
}
