import type DataLoader from 'dataloader';
import type { Pool } from 'pg';
import { listLoader, listsByKey, rowLoader } from '../../../../shared/database/index.js';
import type { Caller } from '../../../../shared/identity/index.js';
import { instantCursor, type Page, pageByInstant } from '../../../../shared/lists/index.js';
import { idOrNone, isUuid } from '../../../../shared/validation/rules.js';
import type { Database } from '../../database/database.js';
import type { SupplyRequestFilter } from '../../generated/graphql.js';
import { isOwn, seesAsSupplier, seesWhole, type RequestVisibility } from '../access/rules.js';
import { requestVisibilityOf } from '../access/index.js';
import * as ledger from '../ledger/index.js';
import type { CommitmentRow, LineRow, RequestRow, StepRow } from '../ledger/index.js';
import { isOver } from '../ledger/rules.js';
import * as statements from './statements.js';

/** A request as the caller sees it. */
export interface RequestView extends RequestRow {
  __typename: 'SupplyRequest';
  /** Whether the caller sees all of it; a supplier sees its lines and its own commitments. */
  isWhole: boolean;
  lines: LineView[];
}

/** A line as the caller sees it. */
export interface LineView extends LineRow {
  isWhole: boolean;
  isOver: boolean;
  /** Those of all holders, or of the caller alone. */
  commitments: CommitmentView[];
}

export interface CommitmentView extends CommitmentRow {
  __typename: 'SupplyCommitment';
}

/** A request by its id; what the caller sees of it is read when a query selects it. */
export interface RequestRef {
  id: string;
}
export type RequestPage = Page<RequestRef>;

/** The requests that the caller may see. */
export class SupplyRequestStore {
  readonly #db: Pool;
  readonly #visibility: RequestVisibility;
  readonly #byId: DataLoader<string, RequestView | undefined>;
  readonly #steps: DataLoader<string, StepRow[]>;

  constructor({ pool }: Database, caller: Caller) {
    this.#db = pool;
    this.#visibility = requestVisibilityOf(caller);
    this.#byId = rowLoader(
      (ids) => this.#load(ids),
      ({ id }) => id,
    );
    this.#steps = listLoader(
      async (ids) =>
        (await pool.query<StepRow>({ ...ledger.STEPS_OF_REQUESTS, values: [ids] })).rows,
      ({ requestId }) => requestId,
    );
  }

  get visibility(): RequestVisibility {
    return this.#visibility;
  }

  /** Returns the request; undefined if there is none or the caller may not see it. */
  find(id: string): Promise<RequestView | undefined> {
    return this.#byId.load(id);
  }

  /** Returns a request that the caller may see, as far as it is known. */
  async get({ id }: RequestRef): Promise<RequestView> {
    const request = await this.#byId.load(id);
    if (!request) throw new Error(`Supply request ${id} is hidden from the caller.`);
    return request;
  }

  stepsOf(id: string): Promise<StepRow[]> {
    return this.#steps.load(id);
  }

  /** Loads many requests in one statement for later single reads, each of which reports a failure of it again. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  /** Drops the cached reads after a change. */
  forget(): void {
    this.#byId.clearAll();
    this.#steps.clearAll();
  }

  async page(
    filter: Omit<SupplyRequestFilter, 'item'> & { item: string | null },
    length: number,
    after: string | null | undefined,
  ): Promise<RequestPage> {
    const start = instantCursor.read(after);
    const { areas, facilities, suppliers, supplierAreas } = this.#visibility;
    const matches = [
      areas,
      facilities.filter(isUuid),
      suppliers.filter(isUuid),
      supplierAreas,
      filter.area ?? '',
      filter.facility == null ? null : idOrNone(filter.facility),
      filter.item,
      filter.statuses ?? null,
      filter.escalated ?? null,
    ];
    const { rows } = await this.#db.query<{ id: string; at: Date }>({
      ...statements.REQUESTS_PAGE,
      values: [...matches, start?.at ?? null, start?.id ?? null, length + 1],
    });
    return pageByInstant(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>({
        ...statements.REQUESTS_COUNTED,
        values: matches,
      });
      return counted.rows[0]!.count;
    });
  }

  async #load(keys: readonly string[]): Promise<RequestView[]> {
    const ids = keys.filter(isUuid);
    const values = [ids];
    const [requests, lines, commitments] = await Promise.all([
      this.#db.query<RequestRow>({ ...ledger.REQUESTS_BY_ID, values }),
      this.#db.query<LineRow>({ ...ledger.LINES_OF_REQUESTS, values }),
      this.#db.query<CommitmentRow>({ ...ledger.COMMITMENTS_OF_REQUESTS, values }),
    ]);
    const found = requests.rows.map(({ id }) => id);
    const linesOf = listsByKey(found, lines.rows.filter(isOf(found)), (row) => row.requestId);
    const committed = commitments.rows.filter(isOf(found));
    const commitmentsOf = listsByKey(found, committed, (row) => row.requestId);
    return requests.rows.flatMap(
      (request, n) => viewOf(this.#visibility, request, linesOf[n]!, commitmentsOf[n]!) ?? [],
    );
  }
}

const isOf = (ids: readonly string[]) => {
  const known = new Set(ids);
  return ({ requestId }: { requestId: string }) => known.has(requestId);
};

/** Returns what the caller sees of a request; undefined if they see nothing of it. */
function viewOf(
  visibility: RequestVisibility,
  request: RequestRow,
  lines: readonly LineRow[],
  commitments: readonly CommitmentRow[],
): RequestView | undefined {
  const isWhole = seesWhole(visibility, request);
  const over = isOver(request.status);
  const seen = commitments.filter((commitment) => isWhole || isOwn(visibility, commitment));
  const views = lines
    .map((line): LineView => ({
      ...line,
      isWhole,
      isOver: over,
      commitments: seen
        .filter(({ lineId }) => lineId === line.id)
        .map((commitment) => ({ ...commitment, __typename: 'SupplyCommitment' })),
    }))
    .filter(
      (line) =>
        isWhole ||
        line.commitments.length > 0 ||
        seesAsSupplier(visibility, line, { area: request.area, isOver: over }),
    );
  if (views.length === 0) return undefined;
  return { ...request, __typename: 'SupplyRequest', isWhole, lines: views };
}
