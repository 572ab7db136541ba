import type { Caller } from '../../shared/identity/index.js';
import type { OutboxStream } from '../../shared/outbox/index.js';
import type { SubgraphClient } from '../../shared/subgraph-client/index.js';
import type { FacilityReferences, SubgraphContext } from '../../shared/subgraph/index.js';
import type { CapacityJobs } from './bed-limits/index.js';
import type { Database } from './database/database.js';
import { DeviceFaultChanges, DeviceFaultStore, faultVisibilityOf } from './devices/index.js';
import { FacilityStore } from './facilities/index.js';
import { ChainStore, ItemStore } from './items/index.js';
import { OrganisationStore } from './organisations/index.js';
import { NeedStore } from './shortages/index.js';
import { RecallStore } from './recalls/index.js';
import { StockBookings, StockStore, stockVisibilityOf } from './stocks/index.js';
import {
  CommitmentStore,
  OfferStore,
  ShipmentStore,
  StorageStore,
  SupplyRequestChanges,
  SupplyRequestStore,
} from './requests/index.js';
import { ManufacturingStore } from './manufacturing/index.js';
import { ReserveStore } from './reserves/index.js';
import { NoticeStore } from './shortage-notices/index.js';
import { LifelineMovements, LifelineReports, LifelineStore } from './lifelines/index.js';
import { FuelNeedStore } from './refuelling/index.js';

/** The context of every resolver: the caller, the instant of the request, and one store per concept. */
export interface Context extends SubgraphContext {
  deviceFaults: DeviceFaultStore;
  deviceFaultChanges: DeviceFaultChanges;
  facilities: FacilityStore;
  facilityReferences: FacilityReferences;
  fuelNeeds: FuelNeedStore;
  chains: ChainStore;
  items: ItemStore;
  organisations: OrganisationStore;
  lifelineReports: LifelineReports;
  lifelines: LifelineStore;
  stocks: StockStore;
  stockBookings: StockBookings;
  supplyRequests: SupplyRequestStore;
  supplyRequestChanges: SupplyRequestChanges;
  offers: OfferStore;
  commitments: CommitmentStore;
  recalls: RecallStore;
  needs: NeedStore;
  manufacturing: ManufacturingStore;
  reserves: ReserveStore;
  shortageNotices: NoticeStore;
  shipments: ShipmentStore;
  storage: StorageStore;
}

/** Dependencies of the stores, beside the request. */
export interface Dependencies extends OutboxStream {
  database: Database;
  capacity: SubgraphClient;
  jobs: CapacityJobs;
}

export function contextOn(
  { database, jobs, outbox, tail }: Dependencies,
  caller: Caller,
  now: Date,
): Context {
  const facilities = new FacilityStore(database);
  const items = new ItemStore(database);
  const organisations = new OrganisationStore(database, now);
  const follower = new LifelineMovements(jobs);
  const supplyRequests = new SupplyRequestStore(database, caller);
  return {
    caller,
    now,
    outbox,
    tail,
    deviceFaults: new DeviceFaultStore(database, faultVisibilityOf(caller)),
    deviceFaultChanges: new DeviceFaultChanges(database, jobs, caller, now),
    facilities,
    facilityReferences: facilities,
    fuelNeeds: new FuelNeedStore(database, now),
    lifelineReports: new LifelineReports(database, facilities, jobs, now),
    lifelines: new LifelineStore(database, now),
    items,
    organisations,
    stocks: new StockStore(database, stockVisibilityOf(caller), now),
    stockBookings: new StockBookings(database, { facilities, organisations, items, follower }, now),
    supplyRequests,
    supplyRequestChanges: new SupplyRequestChanges(database, caller, now),
    offers: new OfferStore(database, caller, now),
    commitments: new CommitmentStore(database, supplyRequests, caller, now),
    recalls: new RecallStore(database, now),
    needs: new NeedStore(database, now),
    manufacturing: new ManufacturingStore(database, now),
    reserves: new ReserveStore(database, follower, now),
    chains: new ChainStore(database, now),
    shortageNotices: new NoticeStore(database, now),
    shipments: new ShipmentStore(database, { requests: supplyRequests, follower }, caller, now),
    storage: new StorageStore(database, caller, now),
  };
}
