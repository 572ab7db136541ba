import DataLoader from 'dataloader';
import type { Pool } from 'pg';
import type { Caller } from '../../../../shared/identity/index.js';
import type { Database } from '../../database/database.js';
import {
  numberCursor,
  type Page,
  pageByNumber,
  pageLength,
} from '../../../../shared/lists/index.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import type { Outcomes } from './rules.js';
import type { AllocationRow, LeftOverRow, LoadRow, PlanRow, RejectionRow } from './rows.js';
import * as statements from './statements.js';
import { planVisibilityValues, planVisibilityOf, type PlanVisibility } from './visibility.js';

/** A reference to a plan. Its fields are read with the caller's rights when they are resolved. */
export interface PlanRef {
  id: string;
}

export type AssignmentPage = Page<AllocationRow>;
export type UnallocatedPage = Page<LeftOverRow>;
export type LoadPage = Page<LoadRow>;

/** The arguments of a page of a list. */
export interface PageArguments {
  first?: number | null;
  after?: string | null;
}

const MOST_OF_INCIDENT = 20;

/** Reads the plans that the caller may see, of each the part they may see. A hidden plan and a missing one give the same result. */
export class AllocationStore {
  readonly #db: Pool;
  readonly #visibility: PlanVisibility;
  readonly #byId: DataLoader<string, PlanRow | undefined>;
  readonly #ofIncident: DataLoader<string, PlanRow[]>;
  readonly #outcomes: DataLoader<string, Outcomes>;
  readonly #explanations: DataLoader<{ plan: string; number: number }, RejectionRow[], string>;

  constructor({ pool }: Database, caller: Caller) {
    this.#db = pool;
    this.#visibility = planVisibilityOf(caller);
    this.#byId = new DataLoader((ids) => this.#load(ids));
    this.#ofIncident = new DataLoader((ids) => this.#loadOfIncidents(ids));
    this.#outcomes = new DataLoader((ids) => this.#count(ids));
    this.#explanations = new DataLoader((keys) => this.#explain(keys), {
      cacheKeyFn: ({ plan, number }) => `${plan} ${number}`,
    });
  }

  find(id: string): Promise<PlanRow | undefined> {
    return this.#byId.load(id);
  }

  /** Returns a reference to the plan if the caller may see it, otherwise null. */
  async ref(id: string): Promise<PlanRef | null> {
    return (await this.#byId.load(id)) ? { id } : null;
  }

  /** Returns the row of a plan that was found before, with the caller's rights. */
  async get({ id }: PlanRef): Promise<PlanRow> {
    const row = await this.#byId.load(id);
    if (!row) throw new Error(`Plan ${id} has vanished.`);
    return row;
  }

  /** Returns the newest plans of an incident that the caller may see, newest first. */
  ofIncident(incident: string): Promise<PlanRow[]> {
    return this.#ofIncident.load(incident);
  }

  /** Reads many plans at once for callers that load them one by one. Such a load throws what this read threw. */
  readAhead(ids: readonly string[]): void {
    void this.#byId.loadMany(ids);
  }

  /** Clears the loaded plans, after they were changed. */
  forget(): void {
    this.#byId.clearAll();
    this.#ofIncident.clearAll();
    this.#outcomes.clearAll();
  }

  assignmentsOf({ id }: PlanRef, page: PageArguments): Promise<AssignmentPage> {
    const { ALLOCATIONS_PAGE, ALLOCATIONS_COUNTED } = statements;
    return this.#page(ALLOCATIONS_PAGE, ALLOCATIONS_COUNTED, id, page);
  }

  unallocatedOf({ id }: PlanRef, page: PageArguments): Promise<UnallocatedPage> {
    const { LEFT_OVER_PAGE, LEFT_OVER_COUNTED } = statements;
    return this.#page(LEFT_OVER_PAGE, LEFT_OVER_COUNTED, id, page);
  }

  loadOf({ id }: PlanRef, page: PageArguments): Promise<LoadPage> {
    const { LOADS_PAGE, LOADS_COUNTED } = statements;
    return this.#page(LOADS_PAGE, LOADS_COUNTED, id, page);
  }

  /** Counts the entries of a plan by their outcome. */
  outcomesOf({ id }: PlanRef): Promise<Outcomes> {
    return this.#outcomes.load(id);
  }

  /** Whether the caller sees the whole of a plan that was found before. */
  async leads(plan: string): Promise<boolean> {
    return (await this.get({ id: plan })).leads;
  }

  /** Returns the facilities that were not chosen for a patient, with the reasons; empty for callers who do not lead. */
  async rejectedOf({
    planId: plan,
    explanation,
  }: AllocationRow | LeftOverRow): Promise<RejectionRow[]> {
    if (explanation === null || !(await this.leads(plan))) return [];
    return this.#explanations.load({ plan, number: explanation });
  }

  async #page<Row extends { position: number }>(
    text: string,
    counting: string,
    plan: string,
    { first, after }: PageArguments,
  ): Promise<Page<Row>> {
    const length = pageLength(first);
    const start = numberCursor.read(after) ?? 0;
    const whose = [...planVisibilityValues(this.#visibility), plan];
    const { rows } = await this.#db.query<Row>(text, [...whose, start, length + 1]);
    return pageByNumber(rows, length, start, async () => {
      const counted = await this.#db.query<{ count: number }>(counting, whose);
      return counted.rows[0]!.count;
    });
  }

  async #load(ids: readonly string[]): Promise<(PlanRow | undefined)[]> {
    const { rows } = await this.#db.query<PlanRow>({
      name: 'plans-by-id',
      text: statements.PLANS_BY_ID,
      values: [...planVisibilityValues(this.#visibility), ids.filter(isUuid)],
    });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.map((id) => byId.get(id));
  }

  async #loadOfIncidents(incidents: readonly string[]): Promise<PlanRow[][]> {
    const { rows } = await this.#db.query<PlanRow & { of: string }>(statements.PLANS_OF_INCIDENTS, [
      ...planVisibilityValues(this.#visibility),
      incidents,
      MOST_OF_INCIDENT,
    ]);
    const lists = new Map<string, PlanRow[]>(incidents.map((id) => [id, []]));
    for (const row of rows) lists.get(row.of)!.push(row);
    return incidents.map((id) => lists.get(id)!);
  }

  async #count(plans: readonly string[]): Promise<Outcomes[]> {
    const { rows } = await this.#db.query<Outcomes & { plan: string }>(statements.OUTCOMES, [
      plans,
    ]);
    const counted = new Map(rows.map((row) => [row.plan, row]));
    return plans.map((id) => counted.get(id) ?? { confirmed: 0, lost: 0, overridden: 0 });
  }

  async #explain(page: readonly { plan: string; number: number }[]): Promise<RejectionRow[][]> {
    const values = [page.map(({ plan }) => plan), page.map(({ number }) => number)];
    const { rows } = await this.#db.query<{
      plan: string;
      number: number;
      rejected: RejectionRow[];
    }>(statements.EXPLANATIONS, values);
    const known = new Map(rows.map((row) => [`${row.plan} ${row.number}`, row.rejected]));
    return page.map(({ plan, number }) => known.get(`${plan} ${number}`) ?? []);
  }
}
