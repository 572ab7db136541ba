import DataLoader from 'dataloader';
import type { ClientBase, Pool } from 'pg';
import { recordValues } from '../../../shared/database/index.js';
import {
  type Call,
  type IdempotencyKeyReused,
  runOnce,
} from '../../../shared/idempotency/index.js';
import { isRefused } from '../../../shared/validation/rules.js';
import { actorOf } from '../../../shared/identity/index.js';
import { publish, tagOf } from '../../../shared/outbox/index.js';
import type { Database } from '../database/database.js';
import { type FacilityRef, lockFacilities } from '../facilities/index.js';
import type { TraumaLevel } from '../generated/graphql.js';
import type { IntakeDeclaration } from '../generated/prisma/client.js';
import type { IntakeTopic } from './events.js';
import {
  intakeAt,
  type DeclaredNumber,
  type Intake,
  type IntakeFacts,
  type OccupiedSlots,
} from './rules.js';
import type { AcceptedIntake, IntakeRefusal } from './rules/declaration.js';
import {
  ACCEPTED_NUMBER,
  FACILITIES,
  NUMBERS_IN_FORCE,
  STORE_INTAKE,
  OCCUPIED_SLOTS,
} from './statements.js';

/** The facility with its new numbers, or a refusal of the rules. */
export type IntakeOutcome =
  ({ __typename: 'Facility' } & FacilityRef) | IntakeRefusal | IdempotencyKeyReused;

interface CareRequest {
  facility: string;
  at: Date;
}

export class IntakeStore {
  readonly #pool: Pool;
  readonly #now: Date;
  readonly #intakes: DataLoader<CareRequest, Intake[], string>;

  constructor({ pool }: Database, now: Date) {
    this.#pool = pool;
    this.#now = now;
    this.#intakes = new DataLoader((requests) => this.#load(requests), {
      cacheKeyFn: ({ facility, at }) => `${facility} ${at.getTime()}`,
    });
  }

  /** Returns the intake of the facility at an instant, by default now. */
  of(facility: string, at: Date = this.#now): Promise<Intake[]> {
    return this.#intakes.load({ facility, at });
  }

  /** For who has changed what the numbers follow from: later reads load them again. */
  forget(): void {
    this.#intakes.clearAll();
  }

  /** Stores what `judge` accepts, under the facility's lock: nobody reserves a slot while the limits change. */
  async declare(
    call: Call,
    { id, area }: { id: string; area: string },
    judge: () => AcceptedIntake | IntakeRefusal,
  ): Promise<IntakeOutcome> {
    const outcome = await runOnce(this.#pool, call, async (db) => {
      await lockFacilities(db, [id]);
      const verdict = judge();
      if (isRefused(verdict)) return verdict;
      await this.#store(db, call, id, verdict);
      const tags = [...new Set(verdict.numbers.map(({ category }) => tagOf('intake', category)))];
      await publish(db, [
        {
          topic: 'capacity.intake-declared' satisfies IntakeTopic,
          entity: id,
          area,
          tags,
          at: this.#now,
        },
      ]);
      return { __typename: 'Facility' as const, id };
    });
    this.forget();
    return outcome;
  }

  async #store(
    db: ClientBase,
    { caller }: Call,
    facility: string,
    { source, method, assumption, validFrom, validUntil, numbers }: AcceptedIntake,
  ): Promise<void> {
    await db.query({
      name: 'store-intake',
      text: STORE_INTAKE,
      values: [
        facility,
        source,
        method,
        assumption,
        validFrom,
        validUntil,
        this.#now,
        actorOf(caller),
        ...recordValues(ACCEPTED_NUMBER, numbers),
      ],
    });
  }

  async #load(requests: readonly CareRequest[]): Promise<Intake[][]> {
    const instants = new Map(requests.map(({ at }) => [at.getTime(), at]));
    const loaded = new Map<number, Map<string, Intake[]>>();
    for (const [time, at] of instants) {
      const facilities = requests.filter((one) => one.at.getTime() === time);
      const ids = facilities.map(({ facility }) => facility);
      loaded.set(time, await intakesOf(this.#pool, ids, at));
    }
    return requests.map(({ facility, at }) => loaded.get(at.getTime())!.get(facility) ?? []);
  }
}

/**
 * Returns the intake of facilities at an instant, by id, without those that do not exist. In few statements however many they are.
 * Given the connection that holds the facilities' locks, nobody changes the numbers until its transaction ends.
 */
export async function intakesOf(
  db: Pool | ClientBase,
  facilities: readonly string[],
  at: Date,
): Promise<Map<string, Intake[]>> {
  const facts = await factsOf(db, facilities, at);
  return new Map([...facts].map(([id, known]) => [id, intakeAt(known, at)]));
}

/** One after the other, because a single connection answers one statement at a time. */
async function factsOf(
  db: Pool | ClientBase,
  facilities: readonly string[],
  at: Date,
): Promise<Map<string, IntakeFacts>> {
  const values = [[...new Set(facilities)], at];
  const found = await db.query<FacilityRow>({
    name: 'intake-facilities',
    text: FACILITIES,
    values,
  });
  const numbers = await db.query<NumberRow>({
    name: 'intake-numbers',
    text: NUMBERS_IN_FORCE,
    values,
  });
  const occupied = await db.query<OccupiedRow>({
    name: 'intake-occupied',
    text: OCCUPIED_SLOTS,
    values,
  });
  const facts = new Map(
    found.rows.map(({ id, traumaLevel, activatedAt }) => [
      id,
      {
        traumaLevel,
        alarmPlan: activatedAt && { activatedAt },
        numbers: [] as DeclaredNumber[],
        occupied: [] as OccupiedSlots[],
      },
    ]),
  );
  for (const number of numbers.rows) facts.get(number.facilityId)?.numbers.push(number);
  for (const { facility, ...slots } of occupied.rows) facts.get(facility)?.occupied.push(slots);
  return facts;
}

interface FacilityRow {
  id: string;
  traumaLevel: TraumaLevel | null;
  activatedAt: Date | null;
}
type NumberRow = DeclaredNumber & Pick<IntakeDeclaration, 'facilityId'>;
interface OccupiedRow extends OccupiedSlots {
  facility: string;
}
