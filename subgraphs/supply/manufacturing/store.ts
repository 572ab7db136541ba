import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { listLoader, rowLoader, type SelectedRow } from '../../../shared/database/index.js';
import { runOnce } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { publish, tagOf } from '../../../shared/outbox/index.js';
import type { Database } from '../database/database.js';
import type { DeclareManufacturingInput, ManufacturingMethod } from '../generated/graphql.js';
import type { Manufacturing } from '../generated/prisma/client.js';
import type { StockVisibility } from '../stocks/index.js';
import type { ManufacturingTopic } from './events.js';
import * as statements from './statements.js';

/** A declaration as it is read. */
export type ManufacturingRow = SelectedRow<Omit<Manufacturing, 'declaredBy'>>;

interface Position {
  latitude: number;
  longitude: number;
}

/** A position and how far around it is searched. */
export interface Circle extends Position {
  kilometres: number;
}

/** A maker, and how far it is. */
export type NearMakerRow = ManufacturingRow & { kilometres: number };

/** A maker, and the AGS of its Kreis. */
type MakerRow = ManufacturingRow & { area: string };

/** The most items that are shown of one organisation. */
const MOST_OF_ORGANISATION = 500;

/** The stock of an item in an area, what is used each day, and the part of both that is modelled. */
interface StockInArea {
  stock: number;
  demandPerDay: number;
  modelledStock: number;
  modelledDemandPerDay: number;
}

export class ManufacturingStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #byId: DataLoader<string, ManufacturingRow | undefined>;
  readonly #ofItem: DataLoader<string, MakerRow[]>;
  readonly #ofOrganisation: DataLoader<string, ManufacturingRow[]>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#byId = rowLoader(
      async (ids) =>
        (await pool.query<ManufacturingRow>(statements.MANUFACTURING_BY_ID, [ids])).rows,
      ({ id }) => id,
    );
    this.#ofItem = listLoader(
      async (ids) => (await pool.query<MakerRow>(statements.MAKERS_OF_ITEMS, [ids])).rows,
      ({ itemId }) => itemId,
    );
    this.#ofOrganisation = listLoader(
      async (ids) =>
        (
          await pool.query<ManufacturingRow>(statements.MANUFACTURING_OF, [
            ids,
            MOST_OF_ORGANISATION,
          ])
        ).rows,
      ({ organisationId }) => organisationId,
    );
  }

  /** Returns a declaration that is known to exist. */
  async get(id: string): Promise<ManufacturingRow> {
    const row = await this.#byId.load(id);
    if (!row) throw new Error(`Manufacturing ${id} has vanished.`);
    return row;
  }

  /** Returns what an organisation makes. The caller of this method decides who may see it. */
  ofOrganisation(id: string): Promise<ManufacturingRow[]> {
    return this.#ofOrganisation.load(id);
  }

  /** Returns who makes an item, the largest first, with the Kreis of each. */
  makersOfItem(item: string): Promise<MakerRow[]> {
    return this.#ofItem.load(item);
  }

  /** Returns where a facility lies that is known to exist. */
  async positionOf(facility: string): Promise<Position> {
    const { rows } = await this.#db.query<Position>(statements.POSITION_OF, [facility]);
    return rows[0]!;
  }

  /** Returns who makes an item around a position, the nearest first. */
  async makersNear(
    item: string,
    { latitude, longitude, kilometres }: Circle,
    methods: readonly ManufacturingMethod[] | null,
    most: number,
  ): Promise<NearMakerRow[]> {
    const { rows } = await this.#db.query<NearMakerRow>({
      name: 'makers-near',
      text: statements.MAKERS_NEAR,
      values: [item, latitude, longitude, kilometres, methods, most],
    });
    return rows;
  }

  /** Returns who makes an item, around a position where one is given: those in the area first, then those in its Land, the largest first. */
  async makersOf(item: string, area: string, near?: Circle): Promise<ManufacturingRow[]> {
    const { rows } = await this.#db.query<ManufacturingRow>({
      name: 'makers-of-item',
      text: statements.MAKERS_OF,
      values: [
        item,
        area,
        near?.latitude ?? null,
        near?.longitude ?? null,
        near?.kilometres ?? null,
      ],
    });
    return rows;
  }

  /** Returns what is in stock of an item in an area, and what is used each day, over the stocks that the caller sees. */
  async stockIn(
    item: string,
    area: string,
    { holders, facilityAreas, organisationAreas }: StockVisibility,
  ): Promise<StockInArea> {
    const { rows } = await this.#db.query<StockInArea>({
      name: 'stock-in-area',
      text: statements.STOCK_IN_AREA,
      values: [item, area, holders, facilityAreas, organisationAreas],
    });
    return rows[0]!;
  }

  /** Stores what an organisation makes of an item, instead of what was said before. */
  async declare(
    input: DeclareManufacturingInput,
    { item, area }: { item: string; area: string },
    caller: Caller,
  ) {
    const call = { caller, field: 'declareManufacturing', input, now: this.#now };
    const { organisation, method, perDay, materialDays, surge } = input;
    const outcome = await runOnce(this.#db, call, async (db) => {
      const { rows } = await db.query<{ id: string }>({
        name: 'store-manufacturing',
        text: statements.STORE_MANUFACTURING,
        values: [
          organisation,
          item,
          method,
          perDay,
          materialDays ?? null,
          surge?.perDay ?? null,
          surge?.rampUpDays ?? null,
          this.#now,
          actorOf(caller),
        ],
      });
      const { id } = rows[0]!;
      const tags = [tagOf('organisation', organisation), tagOf('item', item)];
      const topic: ManufacturingTopic = 'supply.manufacturing-declared';
      await publish(db, [{ topic, entity: id, area, tags, at: this.#now }]);
      return { __typename: 'Manufacturing' as const, id };
    });
    this.#byId.clearAll();
    this.#ofItem.clearAll();
    this.#ofOrganisation.clearAll();
    return outcome;
  }
}
