import type { SubgraphClient } from '../../shared/subgraph-client/index.js';
import type { Caller } from '../../shared/identity/index.js';
import type { OutboxStream } from '../../shared/outbox/index.js';
import type { FacilityReferences, SubgraphContext } from '../../shared/subgraph/index.js';
import { type PatientVisibility, patientVisibilityOf } from './access/index.js';
import {
  AllocationStore,
  ConfirmationStore,
  LostStore,
  ProposalStore,
} from './allocation/index.js';
import { AuditStore, type Disclosures } from './audit/index.js';
import { FacilityStore } from './capacity-client/index.js';
import { Erasures } from './erasure/index.js';
import {
  IdentityRecords,
  type IdentitySeal,
  IdentityStore,
  IncidentChanges,
  IncidentStore,
  PatientStore,
  Registrations,
  TriageStore,
} from './registry/index.js';
import type { RmiList } from './registry/rules.js';
import {
  ApprovalStore,
  ArrivalStore,
  DeathStore,
  DestinationStore,
  DispatchStore,
  LendingStore,
  RadioStore,
  RequestStore,
  TransferEndings,
  type TransferJobs,
  TransferStore,
  VehicleStore,
} from './transfers/index.js';
import type { Jobs } from './jobs.js';
import type { Database } from './database/database.js';

/** The context of every resolver: the caller, the instant of the request, and one store per concept. */
export interface Context extends SubgraphContext {
  /** The patients that the caller may see. */
  visibility: PatientVisibility;
  /** The active list of Rückmeldeindizes, if one is set. */
  rmiList: RmiList | undefined;
  /** Collects the patients whom this request discloses; undefined in a subscription, which the gateway records as a whole. */
  disclosures?: Disclosures;
  allocations: AllocationStore;
  arrivals: ArrivalStore;
  dispatching: DispatchStore;
  approvals: ApprovalStore;
  audit: AuditStore;
  confirmations: ConfirmationStore;
  deaths: DeathStore;
  destinations: DestinationStore;
  erasures: Erasures;
  facilities: FacilityStore;
  facilityReferences: FacilityReferences;
  identities: IdentityStore;
  identityRecords: IdentityRecords;
  incidents: IncidentStore;
  incidentChanges: IncidentChanges;
  jobs: TransferJobs;
  lending: LendingStore;
  lost: LostStore;
  patients: PatientStore;
  proposals: ProposalStore;
  radio: RadioStore;
  registrations: Registrations;
  requests: RequestStore;
  transfers: TransferStore;
  triages: TriageStore;
  vehicles: VehicleStore;
}

/** The dependencies of the stores, beside the request. */
export interface Dependencies extends OutboxStream {
  database: Database;
  capacity: SubgraphClient;
  jobs: Jobs;
  seal: IdentitySeal;
  rmiList: RmiList | undefined;
}

export function contextOn(dependencies: Dependencies, caller: Caller, now: Date): Context {
  const { database, capacity, seal, rmiList, outbox, tail } = dependencies;
  const jobs = dependencies.jobs.transfers;
  const visibility = patientVisibilityOf(caller);
  const endings = new TransferEndings(jobs, visibility);
  const transfers = new TransferStore(database, jobs, caller, now);
  const facilities = new FacilityStore(database, capacity, now);
  const incidents = new IncidentStore(database);
  return {
    caller,
    now,
    visibility,
    rmiList,
    outbox,
    tail,
    allocations: new AllocationStore(database, caller),
    arrivals: new ArrivalStore(database, visibility),
    dispatching: new DispatchStore(database, caller, now),
    approvals: new ApprovalStore(transfers, caller, now),
    audit: new AuditStore(database, caller, now),
    confirmations: new ConfirmationStore(
      { database, capacity, jobs: dependencies.jobs.allocations },
      caller,
      now,
    ),
    deaths: new DeathStore(database, endings, caller, now),
    destinations: new DestinationStore({ jobs, transfers }, caller, now),
    erasures: new Erasures(database, seal, now),
    facilities,
    facilityReferences: facilities,
    identities: new IdentityStore(database, seal, now),
    identityRecords: new IdentityRecords(database, seal, now),
    jobs,
    incidents,
    incidentChanges: new IncidentChanges(database, now, incidents),
    lending: new LendingStore(database, visibility),
    lost: new LostStore(database),
    patients: new PatientStore(database, visibility),
    proposals: new ProposalStore(database, { capacity, facilities, incidents }, caller, now),
    radio: new RadioStore(database, jobs, caller, now),
    registrations: new Registrations(database, seal, now),
    requests: new RequestStore(database, transfers, caller, now),
    transfers,
    triages: new TriageStore(database, endings, visibility, now),
    vehicles: new VehicleStore(database, visibility, caller),
  };
}
