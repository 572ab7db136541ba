import type { ClientBase } from 'pg';
import { idOrNone } from '../../../shared/validation/rules.js';
import type { CommitmentKind } from '../generated/prisma/client.js';
import type { CommitmentRow } from './store.js';
import * as statements from './statements.js';

/** A commitment as it is declared. */
export interface NewCommitment {
  /** The record of the professional, locked. */
  professional: string;
  kind: CommitmentKind;
  organisation: string | null;
}

/** Stores a commitment from an instant on; returns its id, or that of the same one that holds already. */
export async function storeCommitment(
  db: ClientBase,
  { professional, kind, organisation }: NewCommitment,
  { at, by }: { at: Date; by: string },
): Promise<{ id: string; isNew: boolean }> {
  const stored = await db.query<{ id: string }>({
    name: 'declare-commitment',
    text: statements.DECLARE_COMMITMENT,
    values: [professional, kind, organisation, at, by],
  });
  if (stored.rows[0]) return { id: stored.rows[0].id, isNew: true };
  const { rows } = await db.query<{ id: string }>({
    name: 'held-commitment',
    text: statements.HELD_COMMITMENT,
    values: [professional, kind, organisation],
  });
  return { id: rows[0]!.id, isNew: false };
}

/** Returns a declared commitment that holds. */
export async function findDeclared(db: ClientBase, id: string): Promise<CommitmentRow | undefined> {
  const { rows } = await db.query<CommitmentRow>({
    name: 'declared-commitment',
    text: statements.DECLARED_COMMITMENT,
    values: [idOrNone(id)],
  });
  return rows[0];
}

/** Ends a commitment; returns whether it held until now. */
export async function end(db: ClientBase, id: string, at: Date): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'end-commitment',
    text: statements.END_COMMITMENT,
    values: [id, at],
  });
  return rowCount === 1;
}
