import type { PoolClient } from 'pg';
import { recordValues } from '../../../../shared/database/index.js';
import type { ChosenParameters, Plan, Rejection } from '../../steering/rules.js';
import type { WaitingRow } from './rules/demand.js';
import type { CasualtyFacility } from './rules/supply.js';
import * as statements from './statements.js';

/** The subject of a plan, its author and its time. */
export interface PlanOrigin {
  incident: string | null;
  facility: string | null;
  area: string;
  chosen: ChosenParameters;
  /** The patients as they are at the proposal, with which the confirmation compares them. */
  waiting: readonly WaitingRow[];
  by: string;
  at: Date;
}

/** Stores a plan, in one statement per table however large it is, and returns its id. */
export async function storePlan(
  db: PoolClient,
  plan: Plan,
  about: PlanOrigin,
  facilities: readonly CasualtyFacility[],
): Promise<string> {
  const id = await storeHead(db, plan, about);
  const explanations = new NumberedList<readonly Rejection[]>();
  const facilityOf = new Map(facilities.map((facility) => [facility.id, facility]));
  await storeAllocations(db, id, plan, explanations, { facilityOf, waiting: about.waiting });
  await storeLeftOver(db, id, plan, explanations);
  await db.query(statements.STORE_EXPLANATIONS, [id, JSON.stringify(explanations.all)]);
  await storeLoad(db, id, plan, facilityOf);
  return id;
}

async function storeHead(db: PoolClient, plan: Plan, about: PlanOrigin): Promise<string> {
  const { incident, facility, area, chosen, by, at } = about;
  const { digest, wave, summary } = plan;
  const { patients, allocated, weightedMinutes, cost, optimalityGap } = summary;
  const { solverMilliseconds, timedOut, method } = summary;
  const row = {
    incidentId: incident,
    facilityId: facility,
    area,
    wave,
    digest,
    parameters: JSON.stringify(chosen),
    patients,
    allocated,
    weightedMinutes,
    cost,
    optimalityGap,
    solverMilliseconds,
    timedOut,
    method,
    proposedAt: at,
    proposedBy: by,
  };
  const { rows } = await db.query<{ id: string }>(
    statements.STORE_PLAN,
    recordValues(statements.PROPOSED, [row]),
  );
  return rows[0]!.id;
}

async function storeAllocations(
  db: PoolClient,
  id: string,
  { assignments }: Plan,
  explanations: NumberedList<readonly Rejection[]>,
  known: { facilityOf: ReadonlyMap<string, CasualtyFacility>; waiting: readonly WaitingRow[] },
): Promise<void> {
  const { facilityOf, waiting } = known;
  const patientOf = new Map(waiting.map((patient) => [patient.id, patient]));
  const reasons = new NumberedList<string>();
  const rows = assignments.map((one) => {
    const { patient, facility, category, minutes, means, withPhysician, rejected } = one;
    const { needs, ventilated } = patientOf.get(patient)!;
    return {
      patientId: patient,
      facilityId: facility,
      facilityArea: facilityOf.get(facility)!.area,
      category,
      needs,
      ventilated,
      minutes,
      means,
      withPhysician,
      explanation: explained(rejected, explanations),
      reasonsAt: reasons.numberOf(JSON.stringify(one.reasons)),
    };
  });
  await db.query(statements.STORE_ALLOCATIONS, [
    id,
    `[${reasons.all.join(',')}]`,
    ...recordValues(statements.ALLOCATION, rows),
  ]);
}

async function storeLeftOver(
  db: PoolClient,
  id: string,
  { unallocated }: Plan,
  explanations: NumberedList<readonly Rejection[]>,
): Promise<void> {
  const rows = unallocated.map(({ patient, code, message, rejected }) => ({
    patientId: patient,
    code,
    reason: message,
    explanation: explained(rejected, explanations),
  }));
  await db.query(statements.STORE_LEFT_OVER, [id, ...recordValues(statements.LEFT_OVER, rows)]);
}

async function storeLoad(
  db: PoolClient,
  id: string,
  { load }: Plan,
  facilityOf: ReadonlyMap<string, CasualtyFacility>,
): Promise<void> {
  const rows = load.map(({ facility, category, assigned, allowed, limit, method }) => {
    const { area, intake } = facilityOf.get(facility)!;
    const declared = intake.find((one) => one.category === category)?.limit ?? null;
    return {
      facilityId: facility,
      facilityArea: area,
      category,
      assigned,
      allowed,
      limit,
      declared,
      method,
    };
  });
  await db.query(statements.STORE_LOAD, [id, ...recordValues(statements.LOAD, rows)]);
}

function explained(
  rejected: readonly Rejection[],
  explanations: NumberedList<readonly Rejection[]>,
): number | null {
  return rejected.length === 0 ? null : explanations.numberOf(rejected);
}

/** Numbers values from 1, equal ones once: patients of a class share their explanation. */
class NumberedList<Value> {
  readonly all: Value[] = [];
  readonly #numbers = new Map<Value, number>();

  numberOf(value: Value): number {
    const known = this.#numbers.get(value);
    if (known !== undefined) return known;
    this.#numbers.set(value, this.all.push(value));
    return this.all.length;
  }
}
