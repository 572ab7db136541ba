import type DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import { listLoader, rowLoader, type SelectedRow } from '../../../../shared/database/index.js';
import { runOnce } from '../../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { publish, tagOf } from '../../../../shared/outbox/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import type { DeclareStorageInput, StorageNeed, Unit } from '../../generated/graphql.js';
import type { StorageSite } from '../../generated/prisma/client.js';
import type { HolderColumns } from '../access/rules.js';
import type { StorageTopic } from './events.js';
import * as statements from './statements.js';

export type StorageRow = SelectedRow<Omit<StorageSite, 'declaredBy'>>;

/** Room by its id; its fields are read when a query selects them. */
export interface StorageRef {
  id: string;
}

/** The room for deliveries. */
export class StorageStore {
  readonly #db: Pool;
  readonly #caller: Caller;
  readonly #now: Date;
  readonly #byId: DataLoader<string, StorageRow | undefined>;
  readonly #ofHolder: DataLoader<string, StorageRow[]>;

  constructor({ pool }: Database, caller: Caller, now: Date) {
    this.#db = pool;
    this.#caller = caller;
    this.#now = now;
    this.#byId = rowLoader(
      async (ids) =>
        (await pool.query<StorageRow>({ ...statements.SITES_BY_ID, values: [ids] })).rows,
      ({ id }) => id,
    );
    this.#ofHolder = listLoader(
      async (ids) =>
        (await pool.query<StorageRow>({ ...statements.SITES_OF, values: [ids.filter(isUuid)] }))
          .rows,
      ({ facilityId, organisationId }) => (facilityId ?? organisationId)!,
    );
  }

  /** Returns the rooms of a facility or an organisation; the caller of this method decides who may see them. */
  of(holder: string): Promise<StorageRow[]> {
    return this.#ofHolder.load(holder);
  }

  async get({ id }: StorageRef): Promise<StorageRow> {
    const site = await this.#byId.load(id);
    if (!site) throw new Error(`Storage site ${id} has vanished.`);
    return site;
  }

  /** Declares the room of a holder that is known to exist; the caller of this method has checked the right. */
  declare(input: DeclareStorageInput, holder: HolderColumns & { area: string }) {
    const call = { caller: this.#caller, field: 'declareStorage', input, now: this.#now };
    this.#ofHolder.clearAll();
    return runOnce(this.#db, call, async (db) => {
      const { organisationId, facilityId, area } = holder;
      const statement =
        organisationId === null
          ? statements.DECLARE_OF_FACILITY
          : statements.DECLARE_OF_ORGANISATION;
      const { rows } = await db.query<{ id: string }>({
        ...statement,
        values: [
          organisationId ?? facilityId,
          input.kind,
          input.unit,
          input.capacity,
          input.free,
          this.#now,
          actorOf(this.#caller),
        ],
      });
      const { id } = rows[0]!;
      const tags = [tagOf('supplier', (organisationId ?? facilityId)!)];
      const topic: StorageTopic = 'supply.storage-declared';
      await publish(db, [{ topic, entity: id, area, tags, at: this.#now }]);
      return { __typename: 'StorageSite' as const, id };
    });
  }
}

/** Locks the room of a facility and returns what is free of it and on its way there; undefined where none is declared. */
export async function lockRoom(
  db: PoolClient,
  facility: string,
  storage: StorageNeed,
  unit: Unit,
): Promise<{ free: number; inTransit: number } | undefined> {
  const values = [facility, storage, unit];
  const room = await db.query<{ free: number }>({ ...statements.ROOM_LOCKED, values });
  if (!room.rows[0]) return undefined;
  const coming = await db.query<{ inTransit: number }>({ ...statements.IN_TRANSIT, values });
  return { free: room.rows[0].free, inTransit: coming.rows[0]!.inTransit };
}

/** Subtracts what arrived from the room of a facility; what was sent back is negative. */
export async function useRoom(
  db: PoolClient,
  facility: string,
  storage: StorageNeed,
  unit: Unit,
  quantity: number,
): Promise<void> {
  await db.query({ ...statements.USE_ROOM, values: [facility, storage, unit, quantity] });
}
