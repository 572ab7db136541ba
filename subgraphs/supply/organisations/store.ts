import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { rowLoader } from '../../../shared/database/index.js';
import { runOnce } from '../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../shared/identity/index.js';
import { nameCursor, type Page, pageByName } from '../../../shared/lists/index.js';
import { publish } from '../../../shared/outbox/index.js';
import { isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import type { OrganisationFilter, RegisterOrganisationInput } from '../generated/graphql.js';
import type { OrganisationTopic } from './events.js';
import { nameKey, type OrganisationRow, organisationExists } from './rules.js';
import * as statements from './statements.js';

/** An organisation by its id; its fields are read when a query selects them. */
export interface OrganisationRef {
  id: string;
}

export type OrganisationPage = Page<OrganisationRef>;

export class OrganisationStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #byId: DataLoader<string, OrganisationRow | undefined>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#byId = rowLoader(
      (ids) => this.#load(ids),
      ({ id }) => id,
    );
  }

  find(id: string): Promise<OrganisationRow | undefined> {
    return this.#byId.load(id);
  }

  /** Loads many organisations in one statement for later single reads. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  /** Returns the AGS of the Kreis of each organisation that exists. */
  async areasOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    return new Map((await this.#load(ids)).map(({ id, area }) => [id, area]));
  }

  /** Returns the row of an existing organisation. */
  async get({ id }: OrganisationRef): Promise<OrganisationRow> {
    const row = await this.#byId.load(id);
    if (!row) throw new Error(`Organisation ${id} has vanished.`);
    return row;
  }

  async page(
    { area, kinds }: OrganisationFilter,
    length: number,
    after: string | null | undefined,
  ): Promise<OrganisationPage> {
    const start = nameCursor.read(after);
    const filter = [area ?? '', kinds ?? null];
    const { rows } = await this.#db.query<{ name: string; id: string }>({
      name: 'organisations-page',
      text: statements.ORGANISATIONS_PAGE,
      values: [...filter, start?.name ?? null, start?.id ?? null, length + 1],
    });
    return pageByName(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>(
        statements.ORGANISATIONS_COUNTED,
        filter,
      );
      return counted.rows[0]!.count;
    });
  }

  /** Registers an organisation; the caller of this method has checked the right and the position. */
  async register(input: RegisterOrganisationInput, caller: Caller) {
    const call = { caller, field: 'registerOrganisation', input, now: this.#now };
    const { kind, area, name, position } = input;
    const outcome = await runOnce(this.#db, call, async (db) => {
      const { rows } = await db.query<{ id: string }>({
        name: 'store-organisation',
        text: statements.STORE_ORGANISATION,
        values: [
          kind,
          area,
          name.trim(),
          position.latitude,
          position.longitude,
          this.#now,
          actorOf(caller),
          nameKey(name),
        ],
      });
      if (!rows[0]) {
        const known = await db.query<Pick<OrganisationRow, 'id' | 'name'>>(
          statements.ORGANISATION_NAMED,
          [area, kind, nameKey(name)],
        );
        return organisationExists({ ...known.rows[0]!, area });
      }
      const { id } = rows[0];
      await publish(db, [
        {
          topic: 'supply.organisation-registered' satisfies OrganisationTopic,
          entity: id,
          area,
          tags: [],
          at: this.#now,
        },
      ]);
      return { __typename: 'Organisation' as const, id };
    });
    this.#byId.clearAll();
    return outcome;
  }

  async #load(ids: readonly string[]): Promise<OrganisationRow[]> {
    const { rows } = await this.#db.query<OrganisationRow>({
      name: 'organisations-by-id',
      text: statements.ORGANISATIONS_BY_ID,
      values: [ids.filter(isUuid)],
    });
    return rows;
  }
}
