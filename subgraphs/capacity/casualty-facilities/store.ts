import type { Pool } from 'pg';
import { pick, selectionOf } from '../../../shared/database/index.js';
import { CapabilityStore } from '../capabilities/index.js';
import { CareLevelStore } from '../care-levels/index.js';
import { ClosureStore } from '../closures/index.js';
import type { Database } from '../database/database.js';
import { facilityColumns } from '../generated/columns.js';
import type { CasualtyFacilityFilter } from '../generated/graphql.js';
import type { Facility } from '../generated/prisma/client.js';
import { intakesOf } from '../intake/index.js';
import { PhaseStore } from '../phases/index.js';
import { failingFacilities } from '../sustainability/index.js';
import { hasIntake } from '../facility-search/index.js';
import { casualtyFacility, type CasualtyFacility } from './rules.js';

const FACILITY = pick(facilityColumns, 'id', 'area', 'kind', 'latitude', 'longitude');
type FacilityRow = Pick<Facility, keyof typeof FACILITY>;

/** Brings the facts of facilities together; the stores that keep them decide. */
export class CasualtyFacilityStore {
  readonly #db: Pool;
  readonly #now: Date;
  readonly #capabilities: CapabilityStore;
  readonly #careLevels: CareLevelStore;
  readonly #closures: ClosureStore;
  readonly #phases: PhaseStore;

  constructor(database: Database, now: Date) {
    this.#db = database.pool;
    this.#now = now;
    this.#capabilities = new CapabilityStore(database, now);
    this.#careLevels = new CareLevelStore(database, now);
    this.#closures = new ClosureStore(database, now);
    this.#phases = new PhaseStore(database, now);
  }

  /** Every facility of the filter that takes casualties; one statement per concept however many they are. */
  async list({ area, near, hazard }: CasualtyFacilityFilter): Promise<CasualtyFacility[]> {
    const { rows } = await this.#db.query<FacilityRow>({
      name: 'casualty-facilities',
      text: CASUALTY_FACILITIES,
      values: [area, near?.latitude, near?.longitude, near?.km, this.#now],
    });
    const ids = rows.map(({ id }) => id);
    const [known, levelOf, closuresOf, inForce, intakeOf, failing] = await Promise.all([
      Promise.all(ids.map((id) => this.#capabilities.of(id))),
      this.#careLevels.inForceOf(ids),
      this.#closures.inForceOf(ids),
      this.#phases.bearingOn(['']),
      intakesOf(this.#db, ids, this.#now),
      failingFacilities(this.#db, ids, this.#now),
    ]);
    return rows.flatMap((row, n) => {
      const facility = {
        ...row,
        ...known[n]!,
        careLevel: levelOf.get(row.id)?.level ?? ('STANDARD' as const),
        closures: closuresOf.get(row.id) ?? [],
        failsAt: failing.get(row.id) ?? null,
        phases: inForce.filter((declared) => row.area.startsWith(declared.area)),
        intake: intakeOf.get(row.id) ?? [],
      };
      return casualtyFacility(facility, hazard ?? null) ?? [];
    });
  }
}

/** Nobody is driven to a placeholder. $1 the area; $2 to $4 a circle, if one is meant; $5 the instant. */
const CASUALTY_FACILITIES = `
SELECT ${selectionOf(FACILITY, 'f')} FROM facility f
WHERE starts_with(f.area, $1) AND f.kind <> 'PLACEHOLDER'
  AND ($2::float8 IS NULL OR great_circle_km($2, $3::float8, f.latitude, f.longitude) <= $4::float8)
  AND ${hasIntake('$5')}
ORDER BY f.id`;
