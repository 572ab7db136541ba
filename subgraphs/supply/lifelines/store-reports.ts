import { randomUUID } from 'node:crypto';
import { HOUR_MS } from '../../../shared/time/rules.js';
import type { Pool, PoolClient } from 'pg';
import { inTransaction, listsByKey, omit, recordValues } from '../../../shared/database/index.js';
import { isRefused, isUuid } from '../../../shared/validation/rules.js';
import type { Database } from '../database/database.js';
import type { FacilityStore } from '../facilities/index.js';
import { lifelineReportColumns } from '../generated/columns.js';
import type { ReportLifelineInput } from '../generated/graphql.js';
import type { Lifeline, LifelineKind, LifelineReport } from '../generated/prisma/client.js';
import type { CapacityJobs } from '../bed-limits/index.js';
import { FRESH_HOURS } from './rules/contradictions.js';
import {
  type AcceptedLifelineReport,
  conflicting,
  isInForce,
  isSameReport,
  type LifelineRefusal,
} from './rules/reports.js';
import { applyReports } from './rules/reports-of-call.js';
import { tooManySources } from './rules/sources.js';
import { changeLifelines, type LockedFacility } from './store-changes.js';
import { highestLevels } from './store-levels.js';
import { freshReports, lifelineKey, reportsBeyondSources } from './store-sources.js';
import { REPORT_KEY, REPORTS_UNDER_KEYS, STORE_REPORTS } from './statements.js';

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
    const { beyond, repeated, inForce, jobs } = await inTransaction(this.#db, async (db) => {
      const refused = await reportsBeyondSources(db, accepted, by, this.#now);
      const kept = accepted.filter((report) => !refused.has(report));
      return { beyond: refused, ...(await this.#store(db, kept, by)) };
    });
    this.#jobs.start(jobs);
    return verdicts.map((verdict) => {
      if (verdict instanceof Error || isRefused(verdict)) return verdict;
      if (beyond.has(verdict)) return tooManySources(verdict.source);
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
    const mostBefore = await highestLevels(db, [...received]);
    const fresh = await freshReports(db, [...received], by, this.#now);
    const lists = listsByKey(facilities, [...received], ({ facilityId }) => facilityId);
    const byFacility = new Map(facilities.map((id, index) => [id, lists[index]!]));
    const decide = (facility: LockedFacility) => {
      const reports = byFacility
        .get(facility.id)!
        .map((report) => ({ ...report, receivedAt: this.#now, reportedBy: by }));
      const freshOf = (kind: LifelineKind) =>
        fresh.get(lifelineKey({ facilityId: facility.id, kind })) ?? [];
      applyReports(facility, reports, { mostBefore, freshOf, newId: randomUUID }, this.#now);
      for (const lifeline of facility.lifelines.values()) {
        inForce.set(lifelineKey(lifeline), lifeline);
      }
    };
    const earliest = accepted.map((one) => Number(one.observedAt));
    const freshSince = this.#now.getTime() - FRESH_HOURS * HOUR_MS;
    const movementsSince = new Date(Math.min(freshSince, ...earliest));
    const { jobs } = await changeLifelines(db, facilities, this.#now, decide, { movementsSince });
    return { repeated, inForce, jobs };
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
