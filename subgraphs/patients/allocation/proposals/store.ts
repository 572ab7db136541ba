import type { SubgraphClient } from '../../../../shared/subgraph-client/index.js';
import type { Pool } from 'pg';
import { digestsOf, doneBefore, runOnce } from '../../../../shared/idempotency/index.js';
import { inTransaction } from '../../../../shared/database/index.js';
import { actorOf, type Caller } from '../../../../shared/identity/index.js';
import { HOUR_MS } from '../../../../shared/time/rules.js';
import { isUuid } from '../../../../shared/validation/rules.js';
import { refusalIfClosedPlan, unknownPlan } from '../plans/rules.js';
import { lockPlan, publishPlan, planVisibilityOf } from '../plans/index.js';
import type { FacilityStore } from '../../capacity-client/index.js';
import { unknownFacility } from '../../capacity-client/rules.js';
import { type IncidentStore, keepIncidentOpen } from '../../registry/index.js';
import { type IncidentRow, refusalIfClosed, unknownIncident } from '../../registry/rules.js';
import { type ChosenParameters, MOST_CASUALTIES, type Plan } from '../../steering/rules.js';
import type { Database } from '../../database/database.js';
import type {
  DiscardAllocationInput,
  DistributeFromInput,
  ProposeAllocationInput,
} from '../../generated/graphql.js';
import { casualtyFacilities, originFacility, type OriginFacility } from './capacity-calls.js';
import { planFor } from './planning.js';
import { nobodyAtScene, nobodyInFacility } from './rules.js';
import { demandAtScene, demandOfFacility, hasLiving, type WaitingRow } from './rules/demand.js';
import { circleAround, inReach, withNearest, type SentRow } from './rules/supply.js';
import * as statements from './statements.js';
import { storePlan } from './store-plan.js';

/** Hours in which the transfers from a facility count for the waves of its distributions. */
const SENT_HOURS = 24;

/** The stored result of a call that made a plan. */
interface Reference {
  __typename: 'AllocationPlan';
  id: string;
}

/** The sources of what the store does not keep. */
export interface Sources {
  capacity: SubgraphClient;
  facilities: FacilityStore;
  incidents: IncidentStore;
}

/** Makes plans, outside of any transaction because that lasts seconds, and discards them. */
export class ProposalStore {
  readonly #db: Pool;
  readonly #sources: Sources;
  readonly #caller: Caller;
  readonly #now: Date;

  constructor({ pool }: Database, sources: Sources, caller: Caller, now: Date) {
    this.#db = pool;
    this.#sources = sources;
    this.#caller = caller;
    this.#now = now;
  }

  /** Makes a plan for an incident, once per key. `permit` throws where a right is missing. Throws SubgraphUnavailable. */
  async propose(
    input: ProposeAllocationInput,
    chosen: ChosenParameters,
    permit: (incident: IncidentRow) => void,
  ) {
    const call = { caller: this.#caller, field: 'proposeAllocation', input, now: this.#now };
    const before = await doneBefore<Reference>(this.#db, call);
    if (before) return before;
    const { capacity, incidents } = this.#sources;
    const incident = await incidents.find(input.incident);
    if (!incident) return unknownIncident(input.incident);
    permit(incident);
    const closed = refusalIfClosed(incident);
    if (closed) return closed;
    const { id, hazard } = incident;
    const waiting = await this.#rows<WaitingRow>(statements.WAITING_AT_SCENE, [
      id,
      MOST_CASUALTIES + 1,
    ]);
    const demand = demandAtScene(waiting, incident);
    if (!hasLiving(demand)) {
      return nobodyAtScene(await this.#count(statements.PATIENTS_OF_INCIDENT_COUNTED, id));
    }
    const { radiusKm = 0, wave = 1 } = input;
    const without = input.without ?? [];
    const near = circleAround(demand.scenes, radiusKm);
    // Also facilities outside the area: people walk to the nearest one wherever it lies.
    const known = await casualtyFacilities(capacity, { near, hazard });
    const unknown = await this.#unknownIn(without, new Set(known.map((facility) => facility.id)));
    if (unknown !== undefined) return unknownFacility(unknown);
    const facilities = inReach(known, demand.scenes, { area: input.area ?? '', radiusKm });
    const sent = await this.#rows<SentRow>(statements.SENT_FROM_INCIDENT, [id]);
    const among = { facilities, sent, without, radiusKm, wave, now: this.#now };
    const scenes = withNearest(demand.scenes, known, this.#now);
    const plan = await planFor({ ...demand, scenes }, among, chosen);
    return runOnce(this.#db, call, async (db) => {
      const closedMeanwhile = refusalIfClosed((await keepIncidentOpen(db, id))!);
      if (closedMeanwhile) return closedMeanwhile;
      const { area } = incident;
      const about = { incident: id, facility: null, area, chosen, waiting, ...this.#made() };
      return this.#publish(db, await storePlan(db, this.#digested(plan), about, facilities));
    });
  }

  /** Makes a plan for patients of a facility, once per key. Throws SubgraphUnavailable. */
  async distribute(
    input: DistributeFromInput,
    chosen: ChosenParameters,
    permit: (facility: OriginFacility) => void,
  ) {
    const call = { caller: this.#caller, field: 'distributeFrom', input, now: this.#now };
    const before = await doneBefore<Reference>(this.#db, call);
    if (before) return before;
    const { capacity } = this.#sources;
    const origin = isUuid(input.facility)
      ? await originFacility(capacity, input.facility)
      : undefined;
    if (!origin) return unknownFacility(input.facility);
    permit(origin);
    const { id, area } = origin;
    const waiting = await this.#rows<WaitingRow>(statements.WAITING_IN_FACILITY, [id]);
    const demand = demandOfFacility(waiting, origin, input.count);
    if (!hasLiving(demand)) {
      return nobodyInFacility(await this.#count(statements.PATIENTS_IN_FACILITY_COUNTED, id));
    }
    const { radiusKm = 0, wave = 1 } = input;
    const near = circleAround(demand.scenes, radiusKm);
    const known = await casualtyFacilities(capacity, { near, hazard: null });
    const facilities = inReach(known, demand.scenes, { area: '', radiusKm });
    const since = new Date(this.#now.getTime() - SENT_HOURS * HOUR_MS);
    const sent = await this.#rows<SentRow>(statements.SENT_FROM_FACILITY, [id, since]);
    const among = { facilities, sent, without: [id], radiusKm, wave, now: this.#now };
    // Nobody walks out of a facility.
    const scenes = demand.scenes.map((scene) => ({ ...scene, nearest: null }));
    const plan = await planFor({ ...demand, scenes }, among, chosen);
    return runOnce(this.#db, call, async (db) => {
      const about = { incident: null, facility: id, area, chosen, waiting, ...this.#made() };
      return this.#publish(db, await storePlan(db, this.#digested(plan), about, facilities));
    });
  }

  /** The inputs are about patients: a reader of the database alone must not be able to try which ones make the digest. */
  #digested(plan: Plan): Plan {
    return { ...plan, digest: digestsOf(this.#db).ofText(plan.digest) };
  }

  /**
   * Discards a plan whose transfers are not made; a discarded plan stays as it is. A process that reserves slots for it finds it
   * discarded and releases them; if that process crashed, the job of the confirmation finds and releases them later.
   */
  discard({ plan: id, reason }: DiscardAllocationInput) {
    return inTransaction(this.#db, async (db) => {
      const plan = await lockPlan(db, id, planVisibilityOf(this.#caller));
      if (!plan) return unknownPlan(id);
      const reference = { __typename: 'AllocationPlan' as const, id };
      if (plan.status === 'DISCARDED') return reference;
      const isConfirming = plan.status === 'CONFIRMING';
      const refused = isConfirming ? undefined : refusalIfClosedPlan(plan);
      if (refused) return refused;
      const { by, at } = this.#made();
      await db.query(statements.DISCARD_PLAN, [id, at, by, reason?.trim() || null]);
      await publishPlan(db, 'patients.allocation-discarded', id, at, isConfirming);
      return reference;
    });
  }

  #made() {
    return { by: actorOf(this.#caller), at: this.#now };
  }

  async #publish(db: Parameters<typeof publishPlan>[0], id: string): Promise<Reference> {
    await publishPlan(db, 'patients.allocation-proposed', id, this.#now);
    return { __typename: 'AllocationPlan', id };
  }

  /** Returns the first id that no facility has. Those in reach are known; the others are looked up. */
  async #unknownIn(
    ids: readonly string[],
    known: ReadonlySet<string>,
  ): Promise<string | undefined> {
    const others = [...new Set(ids)].filter((id) => !known.has(id));
    const areas = await Promise.all(others.map((id) => this.#sources.facilities.areaOf(id)));
    return others.find((_, n) => areas[n] === undefined);
  }

  async #rows<Row extends object>(text: string, values: unknown[]): Promise<Row[]> {
    return (await this.#db.query<Row>(text, values)).rows;
  }

  async #count(text: string, of: string): Promise<number> {
    const [row] = await this.#rows<{ count: number }>(text, [of]);
    return row!.count;
  }
}
