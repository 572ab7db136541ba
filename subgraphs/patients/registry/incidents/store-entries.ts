import type { ClientBase } from 'pg';
import { isUuid } from '../../../../shared/validation/rules.js';
import type { IncidentEntryKind } from '../../generated/graphql.js';
import type { IncidentRow } from './rules.js';
import { INCIDENT_KEPT_OPEN, REDACT_TIMELINE, STORE_ENTRY } from './statements.js';

/** A new entry of the timeline of an incident. */
export interface NewEntry {
  incident: string;
  kind: IncidentEntryKind;
  at: Date;
  by: string;
  text: string;
}

/** Adds an entry to the timeline, in the transaction of `db`. */
export async function addEntry(
  db: ClientBase,
  { incident, kind, at, by, text }: NewEntry,
): Promise<void> {
  await db.query(STORE_ENTRY, [incident, kind, at, by, text]);
}

/** Reads an incident with a lock that prevents its closing until the transaction ends and that several transactions can hold. */
export async function keepIncidentOpen(
  db: ClientBase,
  id: string,
): Promise<IncidentRow | undefined> {
  if (!isUuid(id)) return undefined;
  const { rows } = await db.query<IncidentRow>(INCIDENT_KEPT_OPEN, [id]);
  return rows[0];
}

/** Redacts words that name a person in the timeline of an incident. */
export async function redactTimeline(
  db: ClientBase,
  incident: string,
  words: readonly string[],
): Promise<void> {
  await db.query(REDACT_TIMELINE, [incident, words]);
}
