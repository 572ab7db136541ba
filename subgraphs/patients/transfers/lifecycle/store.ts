import type DataLoader from 'dataloader';
import type { Pool, PoolClient } from 'pg';
import {
  inTransaction,
  listLoader,
  rowLoader,
  type Statement,
} from '../../../../shared/database/index.js';
import {
  forgetCall,
  type IdempotencyKeyReused,
  runOnce,
} from '../../../../shared/idempotency/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import type { Database } from '../../database/database.js';
import type { JobRunner } from '../../../../shared/jobs/index.js';
import type { TransferAct, TransferFilter } from '../../generated/graphql.js';
import { instantCursor, type Page, pageByInstant } from '../../../../shared/lists/index.js';
import { idOrNone, isRefused, isUuid, type Refusal } from '../../../../shared/validation/rules.js';
import { sidesOf } from './sides.js';
import { notPossible, unknownTransfer } from './refusals.js';
import { isRepetition, redacted, type OwnStep } from './repetition.js';
import type { ApprovalRow, StepRow, TransferRow } from './rows.js';
import {
  APPROVALS_OF_TRANSFERS,
  LISTS,
  OWN_STEPS,
  STEPS_OF_TRANSFERS,
  TRANSFERS_BY_ID,
  TRANSFERS_OF_PATIENTS,
  TRANSFERS_UNCHECKED,
} from './statements.js';
import { lockTransfers } from './store-locks.js';
import { advance } from './transition.js';
import { isActRefusal, type PlainAct } from './rules.js';
import {
  seesFacilitiesOnly,
  transferVisibilityValues,
  transferVisibilityOf,
  type TransferVisibility,
} from './visibility.js';
import type { TransferJob } from './new-reservation-job.js';

export type TransferPage = Page<TransferRow>;

/** The result of an act: the jobs it added, or its refusal. */
export type ActOutcome<Refused> = { jobs: TransferJob[] } | Refused;

/** An act that a caller requests. */
export interface ActRequest {
  /** The mutation field, within which an idempotencyKey counts. */
  field: string;
  act: TransferAct;
  input: {
    transfer: string;
    reason?: string | null;
    /** The destination that the act names. */
    to?: string;
    idempotencyKey?: string | null;
  };
}

type UnknownTransfer = ReturnType<typeof unknownTransfer>;

/** Returns the result to be stored for repetitions: the ids of the jobs; `added` receives the jobs. */
function idsOf<Refused extends Refusal>(
  acted: ActOutcome<Refused>,
  added: (jobs: readonly TransferJob[]) => void,
): { jobs: string[] } | Refused {
  if (!('jobs' in acted)) return acted;
  added(acted.jobs);
  return { jobs: acted.jobs.map(({ id }) => id) };
}

/** Reads the transfers that the caller may see, and takes steps in them. A hidden one looks like a missing one. */
export class TransferStore {
  readonly #db: Pool;
  readonly #jobs: JobRunner;
  readonly #caller: Caller;
  readonly #visibility: TransferVisibility;
  readonly #now: Date;
  readonly #byId: DataLoader<string, TransferRow | undefined>;
  readonly #ofPatient: DataLoader<string, TransferRow | undefined>;
  readonly #steps: DataLoader<string, StepRow[]>;
  readonly #approvals: DataLoader<string, ApprovalRow[]>;

  constructor({ pool }: Database, jobs: JobRunner, caller: Caller, now: Date) {
    this.#db = pool;
    this.#jobs = jobs;
    this.#caller = caller;
    this.#visibility = transferVisibilityOf(caller);
    this.#now = now;
    this.#byId = rowLoader(
      (ids) => this.#load(TRANSFERS_BY_ID, ids),
      ({ id }) => id,
    );
    this.#ofPatient = rowLoader(
      (ids) => this.#load(TRANSFERS_OF_PATIENTS, ids),
      ({ patientId }) => patientId,
    );
    this.#steps = listLoader(
      async (ids) => (await pool.query<StepRow>({ ...STEPS_OF_TRANSFERS, values: [ids] })).rows,
      ({ transferId }) => transferId,
    );
    this.#approvals = listLoader(
      async (ids) =>
        (await pool.query<ApprovalRow>({ ...APPROVALS_OF_TRANSFERS, values: [ids] })).rows,
      ({ transferId }) => transferId,
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

  /** Reads many transfers at once for later reads one by one. A failure reaches each of those reads. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  async page(
    filter: TransferFilter,
    length: number,
    after: string | null | undefined,
  ): Promise<TransferPage> {
    const start = instantCursor.read(after);
    const { facility, area, incident, status } = filter;
    const list = seesFacilitiesOnly(this.#visibility) ? LISTS.ofFacilities : LISTS.ofAll;
    const matches = [
      ...transferVisibilityValues(this.#visibility),
      facility == null ? null : idOrNone(facility),
      area ?? null,
      incident == null ? null : idOrNone(incident),
      status ?? null,
    ];
    const { rows } = await this.#db.query<TransferRow & { at: Date }>({
      ...list.page,
      values: [...matches, start?.at ?? null, start?.id ?? null, length + 1],
    });
    const page = pageByInstant(rows, length, start, async () => {
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

  /** Moves a transfer by an act of the caller, if it is theirs and the status of the transfer allows it. */
  transition(request: ActRequest & { act: PlainAct }) {
    const { act, input } = request;
    const how = { act, by: actorOf(this.#caller), at: this.#now, reason: input.reason };
    return this.act(request, async (db, transfer) => {
      const outcome = await advance(db, transfer, sidesOf(this.#caller, transfer), how);
      return isActRefusal(outcome) ? notPossible(transfer, act, outcome) : outcome;
    });
  }

  /**
   * Does something under the transfer's lock, then what it left to be done in capacity; gives the transfer as it is then. A
   * repetition does nothing: it is known by its idempotencyKey, or without one by what `isRepetition` says.
   */
  async act<Refused extends Refusal>(
    request: ActRequest,
    decide: (db: PoolClient, transfer: TransferRow) => Promise<ActOutcome<Refused>>,
  ): Promise<TransferRow | Refused | UnknownTransfer | IdempotencyKeyReused> {
    let added: readonly TransferJob[] = [];
    type StoredOutcome =
      { jobs: string[] } | Refused | UnknownTransfer | { __typename: 'Repetition' };
    const outcome = await this.runOnce<StoredOutcome>(request, async (db) => {
      const transfer = await this.lockUnlessRepeated(db, request);
      return transfer.__typename === 'Transfer'
        ? idsOf(await decide(db, transfer), (jobs) => (added = jobs))
        : transfer;
    });
    if (isRefused(outcome)) return outcome;
    if (added.length > 0) await this.#jobs.runAll(added);
    else if ('jobs' in outcome) await this.#jobs.outcomesOf(outcome.jobs);
    return this.acted(request);
  }

  /** Runs `work` in a transaction; of an act with an idempotencyKey once within 24 hours, and then gives what was kept. */
  runOnce<Outcome extends object>(
    { field, input }: ActRequest,
    work: (db: PoolClient) => Promise<Outcome>,
  ) {
    const { idempotencyKey } = input;
    if (idempotencyKey == null) return inTransaction(this.#db, work);
    const call = {
      caller: this.#caller,
      field,
      input: { ...input, idempotencyKey },
      now: this.#now,
    };
    return runOnce(this.#db, call, work);
  }

  /**
   * Locks a transfer that the caller may see and in which they act for the first time. The same statements run for one
   * that is hidden, one that does not exist and one that the caller no longer sees because of the act itself.
   */
  async lockUnlessRepeated(
    db: PoolClient,
    request: ActRequest,
  ): Promise<TransferRow | ReturnType<typeof unknownTransfer> | { __typename: 'Repetition' }> {
    const { act, input } = request;
    const transfer = await this.#lock(db, input.transfer);
    if (input.idempotencyKey != null) return transfer;
    const [own] = await this.#ownSteps(db, request);
    if (!own) return transfer;
    if (transfer.__typename !== 'Transfer') return { __typename: 'Repetition' };
    const sides = sidesOf(this.#caller, transfer);
    return isRepetition(act, own, transfer, sides) ? { __typename: 'Repetition' } : transfer;
  }

  async #lock(
    db: PoolClient,
    id: string,
  ): Promise<TransferRow | ReturnType<typeof unknownTransfer>> {
    return (await lockTransfers(db, [id], this.#visibility)).get(id) ?? unknownTransfer(id);
  }

  /**
   * The transfer in which the caller has acted: as it is now, or for a caller who may no longer see it as the act left it
   * (`redacted`).
   */
  async acted(request: Pick<ActRequest, 'act' | 'input'>): Promise<TransferRow> {
    const { transfer: id } = request.input;
    this.forget();
    const seen = await this.find(id);
    if (seen) return seen;
    const [first, ...more] = await this.#ownSteps(this.#db, request);
    if (!first) throw new Error(`Transfer ${id} has no step of the act that was done in it.`);
    return redacted(await this.findUnchecked(id), [first, ...more]);
  }

  /** Returns a transfer that is known to exist, without a check of visibility: for decisions, never for a response. */
  async findUnchecked(id: string): Promise<TransferRow> {
    const { areas, facilities } = this.#visibility;
    const { rows } = await this.#db.query<TransferRow>({
      ...TRANSFERS_UNCHECKED,
      values: [areas, facilities, [id]],
    });
    if (!rows[0]) throw new Error(`Transfer ${id} has vanished.`);
    return { ...rows[0], __typename: 'Transfer' };
  }

  /** Whether the caller took a step by this act, for this attempt. */
  async hasActed(request: ActRequest, attempt: number): Promise<boolean> {
    const own = await this.#ownSteps(this.#db, request);
    return own.some((step) => step.attempt === attempt);
  }

  /** Frees the idempotencyKey of an act that failed only after its key was stored, so that it can be retried. */
  async freeKey({ field, input: { idempotencyKey } }: ActRequest): Promise<void> {
    if (idempotencyKey != null) await forgetCall(this.#db, this.#caller, field, idempotencyKey);
  }

  async #ownSteps(
    db: Pool | PoolClient,
    { act, input: { transfer, reason, to } }: Pick<ActRequest, 'act' | 'input'>,
  ): Promise<OwnStep[]> {
    const { rows } = await db.query<OwnStep>({
      ...OWN_STEPS,
      values: [
        idOrNone(transfer),
        actorOf(this.#caller),
        act,
        reason ?? null,
        to === undefined ? null : idOrNone(to),
      ],
    });
    return rows;
  }

  /** Forgets what was read, after it was changed. */
  forget(): void {
    for (const loader of [this.#byId, this.#ofPatient, this.#steps, this.#approvals])
      loader.clearAll();
  }

  async #load(statement: Statement, keys: readonly string[]): Promise<TransferRow[]> {
    const values = [...transferVisibilityValues(this.#visibility), keys.filter(isUuid)];
    const { rows } = await this.#db.query<TransferRow>({ ...statement, values });
    return rows.map((row) => ({ ...row, __typename: 'Transfer' }));
  }
}
