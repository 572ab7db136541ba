import { FacilityStore } from '../../shared/facility-directory/index.js';
import type { Caller } from '../../shared/identity/index.js';
import type { OutboxStream } from '../../shared/outbox/index.js';
import type { SubgraphClient } from '../../shared/subgraph-client/index.js';
import type { FacilityReferences, SubgraphContext } from '../../shared/subgraph/index.js';
import type { Database } from './database/database.js';
import { AuditStore } from './audit/index.js';
import { CommitmentStore } from './commitments/index.js';
import { Declarations } from './declarations/index.js';
import { Erasures } from './erasure/index.js';
import {
  Duplicates,
  type IdentitySeal,
  ProfessionalStore,
  Registrations,
} from './professionals/index.js';
import { StaffingStore } from './staffing/index.js';
import { Verifications } from './verifications/index.js';

/** The context of every resolver: the caller, the instant of the request, and one store per concept. */
export interface Context extends SubgraphContext {
  facilities: FacilityStore;
  facilityReferences: FacilityReferences;
  staffing: StaffingStore;
  audit: AuditStore;
  professionals: ProfessionalStore;
  registrations: Registrations;
  duplicates: Duplicates;
  erasures: Erasures;
  commitments: CommitmentStore;
  declarations: Declarations;
  verifications: Verifications;
  identitySeal: IdentitySeal;
}

/** Dependencies of the stores, beside the request. */
export interface Dependencies extends OutboxStream {
  database: Database;
  supply: SubgraphClient;
  identitySeal: IdentitySeal;
}

export function contextOn(
  { database, outbox, tail, supply, identitySeal }: Dependencies,
  caller: Caller,
  now: Date,
): Context {
  const facilities = new FacilityStore(database);
  return {
    caller,
    now,
    outbox,
    tail,
    facilities,
    facilityReferences: facilities,
    staffing: new StaffingStore(database, now),
    audit: new AuditStore(database, caller, now),
    professionals: new ProfessionalStore(database, caller, now),
    registrations: new Registrations(database, { facilities, seal: identitySeal }, now),
    duplicates: new Duplicates(database, now),
    erasures: new Erasures(database, now),
    commitments: new CommitmentStore(database),
    declarations: new Declarations(database, supply, now),
    verifications: new Verifications(database, now),
    identitySeal,
  };
}
