import type { TriageCategory } from '../generated/graphql.js';
import { DEFAULTS } from '../steering/rules/parameters.js';
import { newKey } from './casualties.js';
import { CONTROL_ROOM, type PatientsWorld, type TestIdentity } from './patients-world.js';

/** One patient with the assigned facility. */
export interface Entry {
  patient: string;
  facility: string;
  category?: TriageCategory;
}

/** The intake of a facility for one category. */
export interface Intake {
  category: TriageCategory;
  limit: number;
  reserved: number;
  free: number;
}

/** Declares the intake of facilities for a category in capacity. */
export async function giveIntake(
  world: PatientsWorld,
  facilities: readonly string[],
  limit: number,
  category: TriageCategory = 'SK_II',
): Promise<void> {
  const until = world.inDays(300);
  for (const facility of facilities) {
    const { data, errors } = await world.requestCapacity(
      `mutation ($input: DeclareIntakeInput!) { declareIntake(input: $input) { __typename ... on Refusal { message } } }`,
      {
        input: {
          facility,
          source: 'duty manager',
          method: 'REPORTED',
          until,
          numbers: [{ category, immediate: limit }],
          idempotencyKey: newKey(),
        },
      },
      { role: 'crisis-staff', areas: [''], subject: 'staff' },
    );
    if (errors || data.declareIntake.message) throw new Error(JSON.stringify(errors ?? data));
  }
}

/** Returns the intakes of facilities from capacity. */
export async function intakesOf(
  world: PatientsWorld,
  facilities: readonly string[],
): Promise<Map<string, Intake[]>> {
  const { data, errors } = await world.requestCapacity(
    `query ($refs: [_Any!]!) { _entities(representations: $refs) { ... on Facility { id intake { category limit reserved free } } } }`,
    { refs: facilities.map((id) => ({ __typename: 'Facility', id })) },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  return new Map(
    data._entities.map(({ id, intake }: { id: string; intake: Intake[] }) => [id, intake]),
  );
}

/** Returns the intake of a facility for a category. */
export async function intakeOf(
  world: PatientsWorld,
  facility: string,
  category: TriageCategory = 'SK_II',
): Promise<Intake> {
  const intakes = (await intakesOf(world, [facility])).get(facility)!;
  return intakes.find((intake) => intake.category === category)!;
}

/** How long everybody travels in these plans; their weighted minutes are those of SK II. */
const TRAVEL_MINUTES = 12.5;

/** A plan as a proposal leaves it, with exactly these entries; its id. */
export async function planOf(
  world: PatientsWorld,
  whose: { incident: string } | { facility: string },
  entries: readonly Entry[],
  leftOver: readonly string[] = [],
): Promise<string> {
  const { incident, facility } = { incident: null, facility: null, ...whose };
  const { rows } = await world.pool.query<{ id: string }>(
    `INSERT INTO allocation_plan (incident_id, facility_id, area, wave, digest, parameters, patients, allocated,
       weighted_minutes, cost, optimality_gap, solver_milliseconds, timed_out, method, proposed_at, proposed_by)
     SELECT $1::uuid, $2::uuid, coalesce((SELECT area FROM incident WHERE id = $1::uuid), $3), 1, 'digest', $4, $5, $6, $8, 1, 0,
       1, false, 'EXACT', $7, 'control room' RETURNING id`,
    [
      incident,
      facility,
      facility && (await areaOf(world, facility)),
      JSON.stringify({ ...DEFAULTS, flights: 0 }),
      entries.length + leftOver.length,
      entries.length,
      world.clock.now,
      TRAVEL_MINUTES * DEFAULTS.weightSkII * entries.length,
    ],
  );
  const { id } = rows[0]!;
  const facilities = [...new Set(entries.map((entry) => entry.facility))];
  const areas = new Map<string, string>();
  for (const facility of facilities) areas.set(facility, await areaOf(world, facility));
  await world.pool.query(
    `INSERT INTO allocation (plan_id, position, patient_id, facility_id, facility_area, category, minutes, means,
       with_physician, reasons, needs, ventilated)
     SELECT $1, e.position, patient, e.facility, e.area, e.category::"TriageCategory", ${TRAVEL_MINUTES}, 'RTW', false, '[]', p.needs, p.ventilated
     FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) WITH ORDINALITY AS e (patient, facility, area, category, position)
     JOIN patient p ON p.id = e.patient`,
    [
      id,
      entries.map(({ patient }) => patient),
      entries.map((entry) => entry.facility),
      entries.map((entry) => areas.get(entry.facility)),
      entries.map(({ category = 'SK_II' }) => category),
    ],
  );
  await world.pool.query(
    `INSERT INTO allocation_left_over (plan_id, position, patient_id, code, reason)
     SELECT $1, l.position, patient, 'NO_PLACE_LEFT', 'All slots are assigned to others.'
     FROM unnest($2::uuid[]) WITH ORDINALITY AS l (patient, position)`,
    [id, leftOver],
  );
  for (const [facility, intakes] of await intakesOf(world, facilities)) {
    for (const { category, limit, free } of intakes) {
      const assigned = entries.filter(
        (entry) => entry.facility === facility && (entry.category ?? 'SK_II') === category,
      ).length;
      if (assigned === 0) continue;
      await world.pool.query(
        `INSERT INTO allocation_load (plan_id, facility_id, facility_area, category, assigned, allowed, "limit", declared)
         VALUES ($1, $2, $3, $4, $5, $6, $6, $7)`,
        [id, facility, areas.get(facility), category, assigned, free, limit],
      );
    }
  }
  return id;
}

async function areaOf(world: PatientsWorld, facility: string): Promise<string> {
  const { data } = await world.requestCapacity(
    'query ($facility: ID!) { facility(id: $facility) { area } }',
    { facility },
  );
  return data.facility.area;
}

const OUTCOME = `__typename
  ... on Refusal { message }
  ... on AllocationPlan { id status settledBy summary { confirmed lost }
    assignments(first: 500) { nodes { patient { id } facility { id } category minutes means outcome overrideReason
      reasons { code } transfer { id status } } }
    lost(first: 500) { totalCount nodes { patient { id } facility { id } code reason } } }
  ... on UnknownPlan { planId } ... on PlanEnded { plan { id status } } ... on IncidentEnded { incident { id } }
  ... on OverrideNotPossible { patientId } ... on UnknownFacility { missing: facilityId } ... on IdempotencyKeyReused { field }`;

/** Confirms a plan and returns the whole response. */
export function confirmRaw(
  world: PatientsWorld,
  plan: string,
  more: object = {},
  who: TestIdentity = CONTROL_ROOM,
) {
  const input = { plan, idempotencyKey: newKey(), ...more };
  return world.request(
    `mutation ($input: ConfirmAllocationInput!) { outcome: confirmAllocation(input: $input) { ${OUTCOME} } }`,
    { input },
    who,
  );
}

/** Confirms a plan and returns the outcome. */
export async function confirm(
  world: PatientsWorld,
  plan: string,
  more: object = {},
  who: TestIdentity = CONTROL_ROOM,
): Promise<any> {
  const { data, errors } = await confirmRaw(world, plan, more, who);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.outcome;
}
