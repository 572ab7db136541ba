import pg from 'pg';

/** Whether a statement failed because the slot it writes belongs to another transfer. */
export function isReservationConflict(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.constraint === 'transfer_place';
}
