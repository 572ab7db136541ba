import DataLoader from 'dataloader';
import type {
  BedCategory,
  BedStatus,
  Limitation,
  Method,
  ReportCapacityInput,
} from '../generated/graphql.js';
import { isFacilityId } from '../facilities/ids.js';
import type { Database } from '../database/database.js';
import { conflicting, isRefusal, type AcceptedReport, type ReportRefusal } from './rules.js';
import { STORE_REPORTS, TELL_STALENESS } from './statements.js';

/** The beds of one category in one facility by the report in force, as the function beds_at gives them. */
export interface PlaceRow {
  facility: string;
  category: BedCategory;
  operable: number | null;
  occupied: number | null;
  reserved: number;
  blocked: number | null;
  held: number;
  free: number | null;
  overcommitted: number | null;
  status: BedStatus;
  limitations: Limitation[];
  /** Null together with the provenance: nothing was ever reported. */
  staleAt: Date | null;
  stale: boolean;
  provenance: {
    source: string;
    method: Method;
    observedAt: Date;
    receivedAt: Date;
    late: boolean;
  } | null;
}

/** What is free of the beds of one category, and who says so. */
export type FreeBeds = Pick<PlaceRow, 'facility' | 'category' | 'free' | 'status' | 'stale'> &
  NonNullable<PlaceRow['provenance']>;

/** A report's result: the facility, the rules' refusal, or an error of the caller's. */
export type ReportOutcome = { __typename: 'Facility'; id: string } | ReportRefusal | Error;

/** Decides on one report; `facility` is undefined when there is none with the given id. */
export type Decide = (
  input: ReportCapacityInput,
  facility: { id: string; area: string } | undefined,
) => AcceptedReport | ReportRefusal | Error;

interface ForceRow extends Omit<PlaceRow, 'facility' | 'staleAt' | 'provenance'> {
  facility_id: string;
  stale_at: Date;
  source: string;
  method: Method;
  observed_at: Date;
  received_at: Date;
  late: boolean;
}

export class BedStore {
  readonly #db: Database['pool'];
  readonly #now: Date;
  readonly #inForce: DataLoader<string, PlaceRow[]>;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
    this.#inForce = new DataLoader((facilities) => this.#load(facilities));
  }

  /** Every category the facility has reported, in the order of the schema. */
  of(facility: string): Promise<PlaceRow[]> {
    return this.#inForce.load(facility);
  }

  /**
   * What decides on sending patients, for many facilities in one statement; one that has reported none has no entry. Where a
   * modelled share of intensive care is replaced by a level that is not asked for itself, that level answers for it.
   */
  async freeOf(
    facilities: readonly string[],
    categories: readonly BedCategory[],
  ): Promise<Map<string, FreeBeds[]>> {
    const free = new Map<string, FreeBeds[]>();
    if (categories.length === 0) return free;
    // Without a name, so that it is planned for the number of facilities at hand: a handful or all.
    const { rows } = await this.#db.query<FreeBeds & { isStandIn: boolean }>(
      `SELECT facility_id AS facility, category::text, free, status::text, stale, source, method::text,
              observed_at AS "observedAt", received_at AS "receivedAt", late, is_stand_in AS "isStandIn"
       FROM beds_of($1::uuid[], $2::"BedCategory"[], $3)`,
      [facilities, categories, this.#now],
    );
    for (const { isStandIn, ...row } of rows) {
      if (isStandIn && !categories.includes(row.category)) row.category = 'ICU_UNSPECIFIED';
      const others = free.get(row.facility);
      if (others) others.push(row);
      else free.set(row.facility, [row]);
    }
    return free;
  }

  /** Reads many at once, for those who will ask one by one. A failure is met again by whoever asks. */
  readAhead(facilities: readonly string[]): void {
    void this.#inForce.loadMany(facilities);
  }

  /** Stores what `decide` accepts, all of it in one transaction, and says what became of each report, in order. */
  async report(inputs: readonly ReportCapacityInput[], decide: Decide): Promise<ReportOutcome[]> {
    const facilities = await this.#facilities(inputs);
    const verdicts = inputs.map((input) => decide(input, facilities.get(input.facility)));
    const accepted = verdicts.filter(
      (verdict): verdict is AcceptedReport => !(verdict instanceof Error) && !isRefusal(verdict),
    );
    const repeated = await this.#repeated(accepted, await this.#store(accepted));
    this.#inForce.clearAll();
    return verdicts.map((verdict) => {
      if (verdict instanceof Error || isRefusal(verdict)) return verdict;
      const before = repeated.get(verdict);
      if (before && !isSame(before, verdict)) return conflicting(verdict);
      return { __typename: 'Facility', id: verdict.facility };
    });
  }

  /** Writes an event for every number that has gone stale since the last call, from whatever process. */
  async tellStaleness(): Promise<void> {
    await this.#db.query(TELL_STALENESS, [this.#now]);
  }

  async #facilities(
    inputs: readonly ReportCapacityInput[],
  ): Promise<Map<string, { id: string; area: string }>> {
    const ids = [...new Set(inputs.map(({ facility }) => facility))].filter(isFacilityId);
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
    const { rows } = await this.#db.query<KeyRow>({
      name: 'store-reports',
      text: STORE_REPORTS,
      values: [
        reports.map((report) => report.facility),
        reports.map((report) => report.category),
        reports.map((report) => report.tier),
        reports.map((report) => report.operable),
        reports.map((report) => report.occupied),
        reports.map((report) => report.blocked),
        reports.map((report) => report.status),
        reports.map((report) => `{${report.limitations.join()}}`),
        reports.map((report) => report.source),
        reports.map((report) => report.method),
        reports.map((report) => report.observedAt.toISOString()),
        reports.map((report) => report.staleAt.toISOString()),
        reports.map((report) => report.afterDeadline),
        this.#now,
      ],
    });
    return new Set(rows.map(keyOfRow));
  }

  /** For every report whose key was known, in the database or earlier in the same call, what was reported under it. */
  async #repeated(
    reports: readonly AcceptedReport[],
    stored: Set<string>,
  ): Promise<Map<AcceptedReport, Reported>> {
    const repeats = reports.filter((report) => !stored.delete(keyOf(report)));
    if (repeats.length === 0) return new Map();
    const { rows } = await this.#db.query<KeyRow & Reported>(
      `SELECT facility_id, category::text, source, observed_at, operable, occupied, blocked, status::text,
              limitations::text[]
       FROM bed_report JOIN unnest($1::uuid[], $2::"BedCategory"[], $3::text[], $4::timestamptz[])
         AS k (facility_id, category, source, observed_at) USING (facility_id, category, source, observed_at)`,
      [
        repeats.map((report) => report.facility),
        repeats.map((report) => report.category),
        repeats.map((report) => report.source),
        repeats.map((report) => report.observedAt.toISOString()),
      ],
    );
    const reported = new Map(rows.map((row) => [keyOfRow(row), row]));
    return new Map(repeats.map((report) => [report, reported.get(keyOf(report))!]));
  }

  async #load(facilities: readonly string[]): Promise<PlaceRow[][]> {
    const { rows } = await this.#db.query<ForceRow>({
      name: 'beds-in-force',
      text: `SELECT facility_id, category::text, operable, occupied, reserved, blocked, held, free, overcommitted,
                    status::text, limitations::text[], stale_at, stale, source, method::text, observed_at, received_at,
                    late
             FROM beds_of($1::uuid[], $2) AS b ORDER BY facility_id, b.category`,
      values: [facilities, this.#now],
    });
    const places = new Map<string, PlaceRow[]>(facilities.map((facility) => [facility, []]));
    for (const row of rows) {
      const { facility_id, stale_at, source, method, observed_at, received_at, late, ...beds } =
        row;
      places.get(facility_id)!.push({
        facility: facility_id,
        ...beds,
        staleAt: stale_at,
        provenance: { source, method, observedAt: observed_at, receivedAt: received_at, late },
      });
    }
    return facilities.map((facility) => places.get(facility)!);
  }
}

interface KeyRow {
  facility_id: string;
  category: BedCategory;
  source: string;
  observed_at: Date;
}
type Reported = Pick<
  AcceptedReport,
  'operable' | 'occupied' | 'blocked' | 'status' | 'limitations'
>;

const keyOf = ({ facility, category, source, observedAt }: AcceptedReport) =>
  `${facility} ${category} ${observedAt.getTime()} ${source}`;
const keyOfRow = ({ facility_id, category, source, observed_at }: KeyRow) =>
  `${facility_id} ${category} ${observed_at.getTime()} ${source}`;

function isSame(a: Reported, b: Reported): boolean {
  const content = ({ operable, occupied, blocked, status, limitations }: Reported) =>
    JSON.stringify([operable, occupied, blocked, status, [...limitations].sort()]);
  return content(a) === content(b);
}
