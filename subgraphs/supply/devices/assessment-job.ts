import type { PoolClient } from 'pg';
import type { Job, JobKind } from '../../../shared/jobs/index.js';
import { type SubgraphClient, SubgraphUnavailable } from '../../../shared/subgraph-client/index.js';
import { OperableBedsDocument } from '../capacity-client/index.js';
import type { BedCategory } from '../generated/graphql.js';
import { intactBeds, type ReportedBeds } from './rules/beds.js';
import { type AssessedBeds, storeAssessment } from './store-assessments.js';
import { declareFaults, lockFacilities, missingBeds, type MissingBedsRow } from './store-limits.js';

/** The kind of jobs that read how many beds were operable when devices failed. */
export const ASSESSMENT_JOB = 'device-fault.assess';

export interface AssessmentInput {
  facility: string;
  fault: string;
  /** When the devices failed, in ISO 8601. */
  since: string;
}

type Operable = Map<BedCategory, ReportedBeds>;

/**
 * Reads from capacity how many beds were operable when the devices of a fault failed, stores what the fault takes them from, and declares
 * what is left: under the lock of the facility, so that of two faults at once the second sees the first.
 */
export class AssessmentJobKind implements JobKind<AssessmentInput, Operable, object, void> {
  readonly name = ASSESSMENT_JOB;
  readonly formerName = 'assess-device-fault';
  readonly #capacity: SubgraphClient;
  readonly #now: () => Date;

  constructor(capacity: SubgraphClient, now: () => Date) {
    this.#capacity = capacity;
    this.#now = now;
  }

  async call({ input: { facility, since } }: Job<AssessmentInput>): Promise<Operable> {
    const data = await this.#capacity.request(OperableBedsDocument, { facility, at: since });
    const beds = data.facility?.operableBeds;
    if (!beds) throw new SubgraphUnavailable('capacity sent no beds');
    return new Map(
      beds.map(({ category, operable, observedAt }) => [
        category,
        { operable, observedAt: new Date(observedAt) },
      ]),
    );
  }

  async lock(db: PoolClient, { input: { facility } }: Job<AssessmentInput>): Promise<void> {
    await lockFacilities(db, [facility]);
  }

  async record(db: PoolClient, { input }: Job<AssessmentInput>, operable: Operable) {
    const { facility, fault, since } = input;
    const all = await missingBeds(db, [facility]);
    const known = all
      .filter(({ faultId }) => faultId === fault)
      .flatMap((own) => intactOf(own, operable, all, new Date(since)));
    const now = this.#now();
    await storeAssessment(db, { fault, beds: known }, now);
    return { outcome: { known: known.length }, next: await declareFaults(db, [facility], now) };
  }
}

/** The row of beds of which capacity says how many were operable; none where it does not. */
function intactOf(
  { faultId, category, missing }: MissingBedsRow,
  operable: Operable,
  all: readonly MissingBedsRow[],
  since: Date,
): AssessedBeds[] {
  const reported = operable.get(category);
  if (!reported) return [];
  const others = all.filter((one) => one.faultId !== faultId && one.category === category);
  return [{ faultId, category, missing, intact: intactBeds(since, reported, others) }];
}
