/**
 * The content of a column that can hold any text:
 *
 * - `PERSON`: words about a person whose data the subgraph keeps. `erase` is the statement that removes them; $1 are the ids of
 *   the persons.
 * - `WORDS`: free text that is not about one such person, and in which a person may be named all the same. `forget` is the
 *   statement that removes it when its retention is over; $1 is the instant before which it ended, $2 the largest number of rows.
 * - `NAME`: the name of an event, a location, a vehicle, a system or a law; it stays.
 * - `ACTOR`: the pseudonym of the person who acted.
 * - `CODE`: ids, codes, digests, public reference data, or a text that the hub itself makes from those.
 */
export type TextColumn =
  | { holds: 'PERSON'; erase: string }
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

/** Stands in place of words that were removed. */
export const REMOVED = '[removed]';

/**
 * A column of free text, which is replaced by REMOVED once `isOver` holds: a condition on a row `t` of the table, in which $1 is the
 * instant before which the retention ended. `key` are the columns of the primary key.
 */
export function freeText(table: string, column: string, isOver: string, key = 'id'): TextColumn {
  return {
    holds: 'WORDS',
    forget: `
    UPDATE ${table} SET ${column} = '${REMOVED}' WHERE (${key}) IN (
      SELECT ${key} FROM ${table} t WHERE t.${column} <> '${REMOVED}' AND ${isOver} LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED)`,
  };
}

/** A column of words about a person, which the statement removes. */
export function about(erase: string): TextColumn {
  return { holds: 'PERSON', erase };
}

/** The columns of the tables that every subgraph has by the libraries of shared. */
export const SHARED_TEXT_COLUMNS: TextColumns = {
  idempotent_call: {
    caller: ACTOR,
    key_digest: CODE,
    input_digest: CODE,
    field: CODE,
    result: CODE,
  },
  outbox_event: { topic: CODE, entity: CODE, area: CODE, tags: CODE },
};
