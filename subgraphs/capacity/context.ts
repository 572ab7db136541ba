import type { Caller } from '../../shared/identity/index.js';
import type { OutboxStream } from '../../shared/outbox/index.js';
import type { FacilityReferences, SubgraphContext } from '../../shared/subgraph/index.js';
import {
  casualtyVisibilityOf,
  type CasualtyVisibility,
  sustainabilityVisibilityOf,
  type SustainabilityVisibility,
} from './access/index.js';
import { AlarmPlanStore } from './alarm-plans/index.js';
import { SourceStore, BedStore } from './beds/index.js';
import { CapabilityStore } from './capabilities/index.js';
import { CareLevelStore } from './care-levels/index.js';
import { CasualtyFacilityStore } from './casualty-facilities/index.js';
import { ClosureStore } from './closures/index.js';
import type { Database } from './database/database.js';
import { FacilityStore } from './facilities/index.js';
import { HoldStore } from './holds/index.js';
import { IntakeStore } from './intake/index.js';
import { PhaseStore } from './phases/index.js';
import { FacilitySearch } from './facility-search/index.js';
import { RegionStore } from './regions/index.js';
import { ReservationStore } from './reservations/index.js';
import {
  OperableBedsStore,
  ShownLimitStore,
  SustainabilityReviewStore,
  SustainabilityStore,
} from './sustainability/index.js';

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
  operableBeds: OperableBedsStore;
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
    operableBeds: new OperableBedsStore(database, now),
    sustainability: new SustainabilityStore(database, now),
    sustainabilityReview: new SustainabilityReviewStore(database, now),
  };
}
