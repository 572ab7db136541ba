import type { Pool } from 'pg';
import { seesIntake, type CasualtyVisibility } from '../access/index.js';
import { categoriesServing } from '../beds/rules.js';
import { BedStore } from '../beds/index.js';
import { CapabilityStore } from '../capabilities/index.js';
import { CareLevelStore } from '../care-levels/index.js';
import { ClosureStore } from '../closures/index.js';
import type { Database } from '../database/database.js';
import type { BedCategory, PlaceFilter, TriageCategory } from '../generated/graphql.js';
import type { Facility } from '../generated/prisma/client.js';
import { withoutCasualties, type Intake } from '../intake/rules.js';
import { intakesOf } from '../intake/index.js';
import { PhaseStore } from '../phases/index.js';
import { failingFacilities } from '../sustainability/index.js';
import { cautionsOf, isUsable, judge, queryOf, usableOf, type Verdict } from './rules.js';
import type { FacilityFacts, SearchCriteria } from './rules/facts.js';
import { FACILITIES_OF_AREA, NEAREST_WITH_BEDS, NEAREST_WITH_INTAKE } from './statements.js';

/** A facility with its position in the list. */
interface FacilityRow extends Pick<Facility, 'id' | 'area' | 'kind'> {
  /** Null where the list is not about a point. */
  kilometres: number | null;
  /** The value by which the list is ordered before the id: kilometres, or when the record was made. */
  value: number;
}

export type JudgedFacility = Verdict<FacilityFacts & FacilityRow>;

/** Slots that somebody looks for elsewhere: of beds or of an intake. */
export interface NearestCriteria {
  /** Where there are too few. */
  facility: string;
  category: BedCategory | null;
  intake: TriageCategory | null;
  requested: number;
}

/** Another facility that has enough of it. */
export interface Nearest {
  facility: string;
  /** Null where the caller may not know what is left of its intake. */
  free: number | null;
  km: number;
}

/** How many of the nearest candidates are looked at before all are: of those a few are likely to have slots left. */
const NEAREST_FIRST = 40;
const ALL = 1_000_000;

/** Brings the facts of facilities together; the stores that keep them decide. */
export class FacilitySearch {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #beds: BedStore;
  readonly #capabilities: CapabilityStore;
  readonly #careLevels: CareLevelStore;
  readonly #closures: ClosureStore;
  readonly #phases: PhaseStore;
  readonly #visibility: CasualtyVisibility;

  constructor(database: Database, now: Date, visibility: CasualtyVisibility) {
    this.#visibility = visibility;
    this.#db = database.pool;
    this.#now = now;
    this.#beds = new BedStore(database, now);
    this.#capabilities = new CapabilityStore(database, now);
    this.#careLevels = new CareLevelStore(database, now);
    this.#closures = new ClosureStore(database, now);
    this.#phases = new PhaseStore(database, now);
  }

  /** Every facility that the filter asks, judged, in the order of the list. */
  async judged(filter: PlaceFilter): Promise<JudgedFacility[]> {
    const { area, near } = filter;
    const { rows } = await this.#db.query<FacilityRow>({
      name: 'facilities-in-area',
      text: FACILITIES_OF_AREA,
      values: [area ?? '', near?.latitude, near?.longitude, near?.km],
    });
    const query = queryOf(filter);
    return judge(await this.#facilitiesOf(rows, query), query, this.#now);
  }

  /** The nearest other facilities that are usable for one thing and have enough of it, nearest first. */
  async nearest(wanted: NearestCriteria, most: number): Promise<Nearest[]> {
    const near = await this.#nearestOf(wanted, NEAREST_FIRST);
    return (near.length < most ? await this.#nearestOf(wanted, ALL) : near).slice(0, most);
  }

  /** A closed facility is no alternative, whatever else there is: it is set aside only where all of an area is looked at. */
  async #nearestOf(wanted: NearestCriteria, candidates: number): Promise<Nearest[]> {
    const { facility, category, intake, requested } = wanted;
    const query = queryOf({ categories: category && [category], intake: intake && [intake] });
    const { rows } = await this.#db.query<FacilityRow>({
      name: category ? 'nearest-with-beds' : 'nearest-with-intake',
      text: category ? NEAREST_WITH_BEDS : NEAREST_WITH_INTAKE,
      values: [
        facility,
        candidates,
        this.#now,
        ...(category ? [categoriesServing(category), requested] : []),
      ],
    });
    return judge(await this.#facilitiesOf(rows, query), query, this.#now)
      .filter(
        (judged) =>
          isUsable(judged) &&
          cautionsOf(judged).every(({ code }) => code === 'MODELLED_CAPABILITIES'),
      )
      .filter(({ offers }) => offers.some((offer) => usableOf(offer) >= requested))
      .map(({ facility, offers }) => ({
        facility: facility.id,
        km: facility.value,
        free:
          category || seesIntake(this.#visibility, facility.id)
            ? Math.max(...offers.map(usableOf))
            : null,
      }));
  }

  #seen(facility: string, intake: readonly Intake[]): FacilityFacts['intake'] {
    return seesIntake(this.#visibility, facility) ? intake : intake.map(withoutCasualties);
  }

  /** One statement per concept however many facilities, and none for what is not asked. */
  async #facilitiesOf(rows: readonly FacilityRow[], { categories, intake, needs }: SearchCriteria) {
    const ids = rows.map(({ id }) => id);
    const [bedsOf, levelOf, closuresOf, inForce, known, intakeOf, failing] = await Promise.all([
      this.#beds.freeOf(ids, categories),
      this.#careLevels.inForceOf(ids),
      this.#closures.inForceOf(ids),
      this.#phases.bearingOn(['']),
      needs.length ? Promise.all(ids.map((id) => this.#capabilities.of(id))) : [],
      intake.length ? intakesOf(this.#db, ids, this.#now) : undefined,
      failingFacilities(this.#db, ids, this.#now),
    ]);
    // Field by field: spreading a few thousand rows takes longer than judging them.
    return rows.map(({ id, area, kind, kilometres, value }, n) => ({
      id,
      area,
      kind,
      kilometres,
      value,
      beds: bedsOf.get(id) ?? [],
      capabilities: known[n]?.capabilities ?? [],
      isModelled: known[n]?.isModelled ?? false,
      careLevel: levelOf.get(id)?.level ?? 'STANDARD',
      closures: closuresOf.get(id) ?? [],
      failsAt: failing.get(id) ?? null,
      intake: this.#seen(id, intakeOf?.get(id) ?? []),
      phases: inForce.filter((declared) => area.startsWith(declared.area)),
    }));
  }
}
