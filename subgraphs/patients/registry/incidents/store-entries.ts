import type { ClientBase } from 'pg';
import { isId } from '../../access/index.js';
import type { IncidentEntryKind } from '../../generated/graphql.js';
import type { IncidentRow } from './rules.js';
import { INCIDENT_KEPT_OPEN, STORE_ENTRY } from './statements.js';

/** An entry to be added to the timeline of an incident. */
export interface NewEntry {
  incident: string;
  kind: IncidentEntryKind;
  at: Date;
  by: string;
  text: string;
}

/** Adds an entry to the timeline, in the transaction that `db` is in. */
export async function addEntry(
  db: ClientBase,
  { incident, kind, at, by, text }: NewEntry,
): Promise<void> {
  await db.query(STORE_ENTRY, [incident, kind, at, by, text]);
}

/** Reads an incident and keeps anybody from closing it until the transaction ends; others may do the same meanwhile. */
export async function keepIncidentOpen(
  db: ClientBase,
  id: string,
): Promise<IncidentRow | undefined> {
  if (!isId(id)) return undefined;
  const { rows } = await db.query<IncidentRow>(INCIDENT_KEPT_OPEN, [id]);
  return rows[0];
}
