import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { inTransaction, listsByKey, omit, recordValues } from '../../../shared/database/index.js';
import { isRefused, isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import type { FacilityStore } from '../facilities/index.js';
import { lifelineReportColumns } from '../generated/columns.js';
import type { ReportLifelineInput } from '../generated/graphql.js';
import type { Lifeline, LifelineKind, LifelineReport } from '../generated/prisma/client.js';
import type { CapacityJobs } from '../bed-limits/index.js';
import { type ObservedLevel, SUDDEN_MINUTES } from './rules/falls.js';
import { contradictionOf, FRESH_HOURS } from './rules/contradictions.js';
import { isOwnWord } from './rules/kinds.js';
import {
  type AcceptedLifelineReport,
  byMains,
  conflicting,
  isInForce,
  isNewer,
  isSameReport,
  lifelineBy,
  type LifelineRefusal,
  withFailure,
} from './rules/reports.js';
import { changeLifelines, type LockedFacility } from './store-changes.js';
import {
  FRESH_REPORTS,
  RECENT_LEVELS,
  REPORT_KEY,
  REPORTS_UNDER_KEYS,
  STORE_REPORTS,
} from './statements.js';

/** A report's result: the lifeline, the rules' refusal, or an error of the caller's. */
export type LifelineOutcome =
  | { __typename: 'Lifeline'; id: string }
  | { __typename: 'LifelineReportNotCounted'; message: string; id: string }
  | LifelineRefusal
  | Error;

/** Decides on one report; `facility` is undefined when there is none with the given id. */
type Decide = (
  input: ReportLifelineInput,
  facility: { id: string; area: string } | undefined,
) => AcceptedLifelineReport | LifelineRefusal | Error;

const GIVEN = omit(lifelineReportColumns, 'receivedAt', 'reportedBy');

/** Reports of lifelines, stored together with what follows from them. */
export class LifelineReports {
  readonly #db: Pool;
  readonly #facilities: FacilityStore;
  readonly #jobs: CapacityJobs;
  readonly #now: Date;

  constructor({ pool }: Database, facilities: FacilityStore, jobs: CapacityJobs, now: Date) {
    this.#db = pool;
    this.#jobs = jobs;
    this.#facilities = facilities;
    this.#now = now;
  }

  /** Stores what `decide` accepts, all of it in one transaction, and says what became of each report, in order. */
  async report(
    inputs: readonly ReportLifelineInput[],
    by: string,
    decide: Decide,
  ): Promise<LifelineOutcome[]> {
    const verdicts = await Promise.all(
      inputs.map(async (input) => {
        const area = isUuid(input.facility)
          ? await this.#facilities.areaOf(input.facility)
          : undefined;
        return decide(input, area === undefined ? undefined : { id: input.facility, area });
      }),
    );
    const accepted = verdicts.filter(
      (verdict): verdict is AcceptedLifelineReport =>
        !(verdict instanceof Error) && !isRefused(verdict),
    );
    if (accepted.length === 0) return verdicts as LifelineOutcome[];
    const { repeated, inForce, jobs } = await inTransaction(this.#db, (db) =>
      this.#store(db, accepted, by),
    );
    this.#jobs.start(jobs);
    return verdicts.map((verdict) => {
      if (verdict instanceof Error || isRefused(verdict)) return verdict;
      const before = repeated.get(verdict);
      if (before && !isSameReport(before, verdict)) return conflicting(verdict);
      const current = inForce.get(lifelineKey(verdict))!;
      return isInForce(verdict, by, current)
        ? { __typename: 'Lifeline', id: current.id }
        : notCounted(current);
    });
  }

  /** Reports are written before the facilities are locked, everywhere in one order. */
  async #store(db: PoolClient, accepted: readonly AcceptedLifelineReport[], by: string) {
    const facilities = [...new Set(accepted.map(({ facilityId }) => facilityId))];
    const inForce = new Map<string, Lifeline>();
    const received = new Set<AcceptedLifelineReport>();
    const stored = await db.query<ReportKey>({
      ...STORE_REPORTS,
      values: [this.#now, by, ...recordValues(GIVEN, accepted)],
    });
    const added = new Set(stored.rows.map(reportKey));
    const repeats: AcceptedLifelineReport[] = [];
    for (const report of accepted) {
      if (added.delete(reportKey(report))) received.add(report);
      else repeats.push(report);
    }
    const repeated = await this.#storedUnder(db, repeats, by);
    const levels = await this.#recentLevels(db, [...received]);
    const freshSince = new Date(this.#now.getTime() - FRESH_HOURS * 3_600_000);
    const fresh = await this.#freshReports(db, [...received], freshSince);
    const lists = listsByKey(facilities, [...received], ({ facilityId }) => facilityId);
    const byFacility = new Map(facilities.map((id, index) => [id, lists[index]!]));
    const decide = (facility: LockedFacility) => {
      for (const report of byFacility.get(facility.id)!) {
        this.#apply(facility, { ...report, receivedAt: this.#now, reportedBy: by }, levels);
        this.#compare(facility, report.kind, fresh.get(lifelineKey(report)) ?? []);
      }
      for (const lifeline of facility.lifelines.values()) {
        inForce.set(lifelineKey(lifeline), lifeline);
      }
    };
    const earliest = accepted.map((one) => Number(one.observedAt));
    const movementsSince = new Date(Math.min(Number(freshSince), ...earliest));
    const { jobs } = await changeLifelines(db, facilities, this.#now, decide, { movementsSince });
    return { repeated, inForce, jobs };
  }

  #apply(
    { lifelines, demand, reportedDemand, modelled, movements }: LockedFacility,
    report: LifelineReport,
    levels: readonly ObservedLevel[],
  ): void {
    const { kind } = report;
    const current = lifelines.get(kind);
    if (current && !isNewer(report, current)) return;
    const id = current?.id ?? randomUUID();
    const mains = lifelines.get('MAINS_POWER');
    const reported = levels.filter(
      (level) => level.facilityId === report.facilityId && level.kind === kind,
    );
    const known = { current, mains, demand, reportedDemand, modelled, movements, reported };
    const lifeline = lifelineBy(id, report, known, this.#now);
    lifelines.set(kind, lifeline);
    const fuel = lifelines.get('GENERATOR_FUEL');
    if (kind !== 'MAINS_POWER' || !fuel) return;
    const fuelNow = byMains(fuel, lifeline);
    if (fuelNow !== fuel) lifelines.set('GENERATOR_FUEL', withFailure(fuelNow, this.#now));
  }

  /** Notes until when another source contradicts the report in force. */
  #compare(
    { lifelines, movements }: LockedFacility,
    kind: LifelineKind,
    reports: readonly LifelineReport[],
  ): void {
    const lifeline = lifelines.get(kind)!;
    const contradictedUntil = contradictionOf(lifeline, reports, movements, this.#now);
    if (Number(contradictedUntil) === Number(lifeline.contradictedUntil)) return;
    lifelines.set(kind, { ...lifeline, contradictedUntil });
  }

  /** Returns the newest report of each source, those that were just stored included, by the lifeline. */
  async #freshReports(
    db: PoolClient,
    reports: readonly AcceptedLifelineReport[],
    since: Date,
  ): Promise<ReadonlyMap<string, LifelineReport[]>> {
    if (reports.length === 0) return new Map();
    const lifelines = [...new Map(reports.map((one) => [lifelineKey(one), one])).values()];
    const { rows } = await db.query<LifelineReport>({
      ...FRESH_REPORTS,
      values: [
        lifelines.map(({ facilityId }) => facilityId),
        lifelines.map(({ kind }) => kind),
        since,
      ],
    });
    const keys = lifelines.map(lifelineKey);
    const lists = listsByKey(keys, rows, lifelineKey);
    return new Map(keys.map((key, index) => [key, lists[index]!]));
  }

  /** Returns the levels of facilities by their own word, as far back as a report of these may have fallen suddenly from them. */
  async #recentLevels(
    db: PoolClient,
    reports: readonly AcceptedLifelineReport[],
  ): Promise<ObservedLevel[]> {
    const own = reports.filter(({ method, stock }) => isOwnWord(method) && stock !== null);
    if (own.length === 0) return [];
    const first = Math.min(...own.map(({ observedAt }) => observedAt.getTime()));
    const { rows } = await db.query<ObservedLevel>({
      ...RECENT_LEVELS,
      values: [
        [...new Set(own.map(({ facilityId }) => facilityId))],
        new Date(first - SUDDEN_MINUTES * 60_000),
      ],
    });
    return rows;
  }

  /** Returns what was reported before under the keys of reports, in the database or earlier in the same call. */
  async #storedUnder(db: PoolClient, repeats: readonly AcceptedLifelineReport[], by: string) {
    if (repeats.length === 0) return new Map<AcceptedLifelineReport, LifelineReport>();
    const { rows } = await db.query<LifelineReport>({
      ...REPORTS_UNDER_KEYS,
      values: [by, ...recordValues(REPORT_KEY, repeats)],
    });
    const reported = new Map(rows.map((row) => [reportKey(row), row]));
    return new Map(repeats.map((report) => [report, reported.get(reportKey(report))!]));
  }
}

function notCounted({ id, source, method, observedAt }: Lifeline): LifelineOutcome {
  return {
    __typename: 'LifelineReportNotCounted',
    message: `The report is kept for the history. The level in force is ${method} by ${source} as of ${observedAt.toISOString()}. Report what is there now to replace it.`,
    id,
  };
}

type ReportKey = Pick<LifelineReport, keyof typeof REPORT_KEY>;

const reportKey = ({ facilityId, kind, source, observedAt }: ReportKey) =>
  `${facilityId} ${kind} ${observedAt.getTime()} ${source}`;
const lifelineKey = ({ facilityId, kind }: Pick<LifelineReport, 'facilityId' | 'kind'>) =>
  `${facilityId} ${kind}`;
