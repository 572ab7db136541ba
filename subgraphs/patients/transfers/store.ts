import DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../../../shared/database/transaction.js';
import type { Refusal } from '../../../shared/idempotency/idempotency.js';
import { actorOf, type Caller } from '../../../shared/identity/caller.js';
import type { Database, Statement } from '../database.js';
import type { ErrandStore } from '../errands/store.js';
import type { TransferAct, TransferFilter } from '../generated/graphql.js';
import { pageOf, placeOf, type Page } from '../lists/page.js';
import { idOrNobody, isId } from '../sight/sight.js';
import { partiesOf } from './parties.js';
import { notPossible, unknownTransfer } from './refusals.js';
import type { ApprovalRow, StepRow, TransferRow } from './row.js';
import {
  APPROVALS_OF_TRANSFERS,
  LISTS,
  STEPS_OF_TRANSFERS,
  TRANSFERS_BY_ID,
  TRANSFERS_OF_PATIENTS,
  TRANSFERS_TAKEN,
} from './statements.js';
import { advance, lockTransfers } from './taking.js';
import { seesHousesOnly, valuesOf, viewerOf, type Viewer } from './viewer.js';

export type TransferPage = Page<TransferRow>;

/** What became of an act: the errands it left to be done, or why it was refused. */
export type Acted<Refused> = { errands: string[] } | Refused;

/** Reads transfers the caller may see, and takes their steps. A hidden one is as good as a missing one. */
export class TransferStore {
  readonly #db: Pool;
  readonly #errands: ErrandStore;
  readonly #caller: Caller;
  readonly #viewer: Viewer;
  readonly #now: Date;
  readonly #byId: DataLoader<string, TransferRow | undefined>;
  readonly #ofPatient: DataLoader<string, TransferRow | undefined>;
  readonly #steps: DataLoader<string, StepRow[]>;
  readonly #approvals: DataLoader<string, ApprovalRow[]>;

  constructor({ pool }: Database, errands: ErrandStore, caller: Caller, now: Date) {
    this.#db = pool;
    this.#errands = errands;
    this.#caller = caller;
    this.#viewer = viewerOf(caller);
    this.#now = now;
    this.#byId = new DataLoader((ids) => this.#load(TRANSFERS_BY_ID, ids, ({ id }) => id));
    this.#ofPatient = new DataLoader((ids) =>
      this.#load(TRANSFERS_OF_PATIENTS, ids, ({ patient }) => patient),
    );
    this.#steps = new DataLoader((ids) => this.#lists<StepRow>(STEPS_OF_TRANSFERS, ids));
    this.#approvals = new DataLoader((ids) =>
      this.#lists<ApprovalRow>(APPROVALS_OF_TRANSFERS, ids),
    );
  }

  find(id: string): Promise<TransferRow | undefined> {
    return this.#byId.load(id);
  }

  /** The one that has not ended, otherwise the last one. */
  ofPatient(patient: string): Promise<TransferRow | undefined> {
    return this.#ofPatient.load(patient);
  }

  stepsOf({ id }: TransferRow): Promise<StepRow[]> {
    return this.#steps.load(id);
  }

  approvalsOf({ id }: TransferRow): Promise<ApprovalRow[]> {
    return this.#approvals.load(id);
  }

  /** Reads many at once, for those who will ask one by one. A failure is met again by whoever asks. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  async page(
    filter: TransferFilter,
    length: number,
    after: string | null | undefined,
  ): Promise<TransferPage> {
    const start = placeOf(after);
    const { facility, area, incident, status } = filter;
    const list = seesHousesOnly(this.#viewer) ? LISTS.ofHouses : LISTS.ofAll;
    const matches = [
      ...valuesOf(this.#viewer),
      facility == null ? null : idOrNobody(facility),
      area ?? null,
      incident == null ? null : idOrNobody(incident),
      status ?? null,
    ];
    const { rows } = await this.#db.query<TransferRow & { at: Date }>({
      ...list.page,
      values: [...matches, start?.at ?? null, start?.id ?? null, length + 1],
    });
    const page = pageOf(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>({
        ...list.counted,
        values: matches,
      });
      return counted.rows[0]!.count;
    });
    const byId = new Map(rows.map((row) => [row.id, { ...row, __typename: 'Transfer' as const }]));
    return {
      ...page,
      edges: page.edges.map(({ cursor, node }) => ({ cursor, node: byId.get(node.id)! })),
    };
  }

  /** Takes a step of the caller's, if it is his and the transfer stands where it may be taken. */
  step(id: string, act: TransferAct, reason?: string) {
    const how = { act, by: actorOf(this.#caller), at: this.#now, reason };
    return this.act(id, async (db, transfer) => {
      const outcome = await advance(db, transfer, partiesOf(this.#caller, transfer), how);
      return 'no' in outcome ? notPossible(transfer, act, outcome) : outcome;
    });
  }

  /** Does something under the transfer's lock, then what it left to be done in capacity; gives the transfer as it is then. */
  async act<Refused extends Refusal>(
    id: string,
    decide: (db: PoolClient, transfer: TransferRow) => Promise<Acted<Refused>>,
  ) {
    const outcome = await inTransaction(this.#db, async (db) => {
      const transfer = await this.lock(db, id);
      return transfer.__typename === 'Transfer' ? decide(db, transfer) : transfer;
    });
    if (!('errands' in outcome)) return outcome;
    await this.#errands.runSoon(outcome.errands);
    return this.taken(id);
  }

  /** Locks a transfer the caller may see. */
  async lock(
    db: PoolClient,
    id: string,
  ): Promise<TransferRow | ReturnType<typeof unknownTransfer>> {
    return (await lockTransfers(db, [id], this.#viewer)).get(id) ?? unknownTransfer(id);
  }

  /** A transfer whose step the caller has just taken, also when he sees no more of the patient by it. */
  async taken(id: string): Promise<TransferRow> {
    this.forget();
    const { areas, facilities } = this.#viewer;
    const { rows } = await this.#db.query<TransferRow>({
      ...TRANSFERS_TAKEN,
      values: [areas, facilities, [id]],
    });
    if (!rows[0]) throw new Error(`Transfer ${id} has vanished.`);
    return { ...rows[0], __typename: 'Transfer' };
  }

  /** Forgets what was read, after it was changed. */
  forget(): void {
    for (const loader of [this.#byId, this.#ofPatient, this.#steps, this.#approvals])
      loader.clearAll();
  }

  async #load(
    statement: Statement,
    keys: readonly string[],
    keyOf: (row: TransferRow) => string,
  ): Promise<(TransferRow | undefined)[]> {
    const values = [...valuesOf(this.#viewer), keys.filter(isId)];
    const { rows } = await this.#db.query<TransferRow>({ ...statement, values });
    const byKey = new Map(
      rows.map((row) => [keyOf(row), { ...row, __typename: 'Transfer' as const }]),
    );
    return keys.map((key) => byKey.get(key));
  }

  async #lists<Row extends { transfer: string }>(
    statement: Statement,
    ids: readonly string[],
  ): Promise<Row[][]> {
    const { rows } = await this.#db.query<Row>({ ...statement, values: [ids] });
    const lists = new Map<string, Row[]>(ids.map((id) => [id, []]));
    for (const row of rows) lists.get(row.transfer)!.push(row);
    return ids.map((id) => lists.get(id)!);
  }
}
