import type DataLoader from 'dataloader';
import { fieldsOf, listLoader, recordValues, selectionOf } from '../../../shared/database/index.js';
import { isRefused, isUuid } from '../../../shared/validation/rules.js';
import type { BedCategory, ReportCapacityInput } from '../generated/graphql.js';
import type { Bed, BedReport } from '../generated/prisma/client.js';
import type { Database } from '../database/database.js';
import { ACCEPTED, PROVENANCE, REPORT_KEY, STATED, type IN_FORCE } from './columns.js';
import { conflicting, type AcceptedReport, type ReportRefusal } from './rules.js';
import {
  BEDS_IN_FORCE,
  STORED_UNDER_KEYS,
  STORE_REPORTS,
  PUBLISH_STALENESS,
} from './statements.js';

/** The claims on the beds of one category, and what follows for them, as the function beds_at gives it. */
interface Claims {
  reserved: number;
  held: number;
  /** Null like `overcommitted` where the report in force states no numbers. */
  free: number | null;
  overcommitted: number | null;
  stale: boolean;
}

/** The beds of one category at one facility by the report in force. */
export type ReportedBeds = Pick<Bed, keyof typeof IN_FORCE> & Claims;

/** Beds that were never reported, or whose report is replaced by that of another category. */
type UnreportedBeds = Omit<ReportedBeds, 'staleAt' | keyof typeof PROVENANCE> &
  Record<'staleAt' | keyof typeof PROVENANCE, null>;

export type BedsInForce = ReportedBeds | UnreportedBeds;

/** The free beds of one category, and their source. */
export type FreeBeds = Pick<
  ReportedBeds,
  'facilityId' | 'category' | 'free' | 'status' | 'stale' | keyof typeof PROVENANCE
> & {
  /** Free beds that the facility can sustain for long enough to send somebody; null like `free`. */
  freeAhead: number | null;
  /** Whether there is none of these although the report leaves one. */
  isUnsustained: boolean;
};

/** A report's result: the facility, the rules' refusal, or an error of the caller's. */
export type ReportOutcome = { __typename: 'Facility'; id: string } | ReportRefusal | Error;

/** Decides on one report; `facility` is undefined when there is none with the given id. */
export type Decide = (
  input: ReportCapacityInput,
  facility: { id: string; area: string } | undefined,
) => AcceptedReport | ReportRefusal | Error;

export class BedStore {
  readonly #db: Database['pool'];
  readonly #now: Date;
  readonly #inForce: DataLoader<string, ReportedBeds[]>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#inForce = listLoader(
      (facilities) => this.#load(facilities),
      ({ facilityId }) => facilityId,
    );
  }

  /** Every category the facility has reported, in the order of the schema. */
  of(facility: string): Promise<ReportedBeds[]> {
    return this.#inForce.load(facility);
  }

  /**
   * The facts that decide on sending patients, for many facilities in one statement; one that has reported none has no entry. Where a
   * modelled share of intensive care is replaced by a level that is not requested itself, that level stands for it.
   */
  async freeOf(
    facilities: readonly string[],
    categories: readonly BedCategory[],
  ): Promise<Map<string, FreeBeds[]>> {
    const free = new Map<string, FreeBeds[]>();
    if (categories.length === 0) return free;
    // Without a name, so that it is planned for the number of facilities at hand: a handful or all.
    const { rows } = await this.#db.query<FreeBeds & { isStandIn: boolean }>(
      `SELECT b.facility_id AS "facilityId", b.category, b.free, b.free_ahead AS "freeAhead",
              b.is_unsustained AS "isUnsustained", b.status, b.stale, ${selectionOf(PROVENANCE, 'b')},
              b.is_stand_in AS "isStandIn"
       FROM beds_of($1::uuid[], $2::"BedCategory"[], $3) b`,
      [facilities, categories, this.#now],
    );
    for (const { isStandIn, ...row } of rows) {
      if (isStandIn && !categories.includes(row.category)) row.category = 'ICU_UNSPECIFIED';
      const others = free.get(row.facilityId);
      if (others) others.push(row);
      else free.set(row.facilityId, [row]);
    }
    return free;
  }

  /** Reads many at once, before each is read by itself. A read that fails here fails again there. */
  readAhead(facilities: readonly string[]): void {
    void this.#inForce.loadMany(facilities);
  }

  /** Stores what `decide` accepts, all of it in one transaction, and says what became of each report, in order. */
  async report(inputs: readonly ReportCapacityInput[], decide: Decide): Promise<ReportOutcome[]> {
    const facilities = await this.#facilities(inputs);
    const verdicts = inputs.map((input) => decide(input, facilities.get(input.facility)));
    const accepted = verdicts.filter(
      (verdict): verdict is AcceptedReport => !(verdict instanceof Error) && !isRefused(verdict),
    );
    const repeated = await this.#repeated(accepted, await this.#store(accepted));
    this.#inForce.clearAll();
    return verdicts.map((verdict) => {
      if (verdict instanceof Error || isRefused(verdict)) return verdict;
      const before = repeated.get(verdict);
      if (before && !isSame(before, verdict)) return conflicting(verdict);
      return { __typename: 'Facility', id: verdict.facilityId };
    });
  }

  /** Writes an event for every number that has become stale since the last call, from whatever process. */
  async publishStaleness(): Promise<void> {
    await this.#db.query(PUBLISH_STALENESS, [this.#now]);
  }

  async #facilities(
    inputs: readonly ReportCapacityInput[],
  ): Promise<Map<string, { id: string; area: string }>> {
    const ids = [...new Set(inputs.map(({ facility }) => facility))].filter(isUuid);
    const { rows } = await this.#db.query<{ id: string; area: string }>({
      name: 'facility-areas',
      text: 'SELECT id, area FROM facility WHERE id = ANY($1::uuid[])',
      values: [ids],
    });
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** Returns the keys that were not known before. */
  async #store(reports: readonly AcceptedReport[]): Promise<Set<string>> {
    if (reports.length === 0) return new Set();
    const { rows } = await this.#db.query<ReportKey>({
      name: 'store-reports',
      text: STORE_REPORTS,
      values: [this.#now, ...recordValues(ACCEPTED, reports)],
    });
    return new Set(rows.map(keyOf));
  }

  /** For every report whose key was known, in the database or earlier in the same call, what was reported under it. */
  async #repeated(
    reports: readonly AcceptedReport[],
    stored: Set<string>,
  ): Promise<Map<AcceptedReport, StatedReport>> {
    const repeats = reports.filter((report) => !stored.delete(keyOf(report)));
    if (repeats.length === 0) return new Map();
    const { rows } = await this.#db.query<ReportKey & StatedReport>(
      STORED_UNDER_KEYS,
      recordValues(REPORT_KEY, repeats),
    );
    const reported = new Map(rows.map((row) => [keyOf(row), row]));
    return new Map(repeats.map((report) => [report, reported.get(keyOf(report))!]));
  }

  async #load(facilities: readonly string[]): Promise<ReportedBeds[]> {
    const { rows } = await this.#db.query<ReportedBeds>({
      name: 'beds-in-force',
      text: BEDS_IN_FORCE,
      values: [facilities, this.#now],
    });
    return rows;
  }
}

type ReportKey = Pick<BedReport, keyof typeof REPORT_KEY>;
type StatedReport = Pick<BedReport, keyof typeof STATED>;

const keyOf = ({ facilityId, category, source, observedAt }: ReportKey) =>
  `${facilityId} ${category} ${observedAt.getTime()} ${source}`;

/** Whether two reports state the same; the order of a list says nothing. */
function isSame(a: StatedReport, b: StatedReport): boolean {
  return fieldsOf(STATED).every((field) => contentOf(a[field]) === contentOf(b[field]));
}

function contentOf(value: StatedReport[keyof StatedReport]): string {
  return JSON.stringify(Array.isArray(value) ? [...value].sort() : value);
}
