import type { Caller } from '../../shared/identity/index.js';
import type { OutboxStream } from '../../shared/outbox/index.js';
import type { FacilityReferences, SubgraphContext } from '../../shared/subgraph/index.js';
import { casualtyVisibilityOf, type CasualtyVisibility } from './access/casualty-visibility.js';
import {
  sustainabilityVisibilityOf,
  type SustainabilityVisibility,
} from './access/sustainability-visibility.js';
import { AlarmPlanStore } from './alarm-plans/store.js';
import { SourceStore } from './beds/store-sources.js';
import { BedStore } from './beds/store.js';
import { CapabilityStore } from './capabilities/store.js';
import { CareLevelStore } from './care-levels/store.js';
import { CasualtyFacilityStore } from './casualty-facilities/store.js';
import { ClosureStore } from './closures/store.js';
import type { Database } from './database/database.js';
import { FacilityStore } from './facilities/store.js';
import { HoldStore } from './holds/store.js';
import { IntakeStore } from './intake/store.js';
import { PhaseStore } from './phases/store.js';
import { FacilitySearch } from './facility-search/store.js';
import { RegionStore } from './regions/store.js';
import { ReservationStore } from './reservations/store.js';
import { ShownLimitStore } from './sustainability/store-shown.js';
import { SustainabilityReviewStore } from './sustainability/store-review.js';
import { SustainabilityStore } from './sustainability/store.js';

/** The context of every resolver: beside the caller and the instant of the request one store per concept. */
export interface Context extends SubgraphContext {
  /** Where the caller sees single casualties. */
  visibility: CasualtyVisibility;
  /** Where the caller knows why beds cannot be sustained. */
  sustainabilityVisibility: SustainabilityVisibility;
  alarmPlans: AlarmPlanStore;
  beds: BedStore;
  bedSources: SourceStore;
  capabilities: CapabilityStore;
  careLevels: CareLevelStore;
  closures: ClosureStore;
  facilities: FacilityStore;
  facilityReferences: FacilityReferences;
  holds: HoldStore;
  intakes: IntakeStore;
  phases: PhaseStore;
  facilitySearch: FacilitySearch;
  casualtyFacilities: CasualtyFacilityStore;
  regions: RegionStore;
  reservations: ReservationStore;
  shownLimits: ShownLimitStore;
  sustainability: SustainabilityStore;
  sustainabilityReview: SustainabilityReviewStore;
}

interface Dependencies extends OutboxStream {
  database: Database;
}

export function contextOn(
  { database, outbox, tail }: Dependencies,
  caller: Caller,
  now: Date,
): Context {
  const visibility = casualtyVisibilityOf(caller);
  const sustainabilityVisibility = sustainabilityVisibilityOf(caller);
  const facilities = new FacilityStore(database, now);
  return {
    caller,
    visibility,
    sustainabilityVisibility,
    now,
    outbox,
    tail,
    alarmPlans: new AlarmPlanStore(database, now),
    beds: new BedStore(database, now),
    bedSources: new SourceStore(database, now),
    capabilities: new CapabilityStore(database, now),
    careLevels: new CareLevelStore(database, now),
    closures: new ClosureStore(database, now),
    facilities,
    facilityReferences: facilities,
    holds: new HoldStore(database, now),
    intakes: new IntakeStore(database, now),
    phases: new PhaseStore(database, now),
    facilitySearch: new FacilitySearch(database, now, visibility),
    casualtyFacilities: new CasualtyFacilityStore(database, now),
    regions: new RegionStore(database, now),
    reservations: new ReservationStore(database, now, visibility),
    shownLimits: new ShownLimitStore(database, now, sustainabilityVisibility),
    sustainability: new SustainabilityStore(database, now),
    sustainabilityReview: new SustainabilityReviewStore(database, now),
  };
}
