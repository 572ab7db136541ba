import type { Caller } from '../../shared/identity/caller.js';
import type { Outbox } from '../../shared/outbox/outbox.js';
import type { Tail } from '../../shared/outbox/tail.js';
import { BedStore } from './beds/store.js';
import type { Database } from './database.js';
import { FacilityStore } from './facilities/store.js';
import { RegionStore } from './regions/store.js';

/** What every resolver gets: who asks, the instant he asks at, and one store per concept on the database he means. */
export interface Context {
  caller: Caller;
  now: Date;
  /** Where the changes stood before this query read anything; only when it asks for that. */
  startCursor?: string;
  outbox: Outbox;
  tail: Tail;
  beds: BedStore;
  facilities: FacilityStore;
  regions: RegionStore;
}

export interface CapacityStream {
  database: Database;
  outbox: Outbox;
  tail: Tail;
}

export function contextOn(
  { database, outbox, tail }: CapacityStream,
  caller: Caller,
  now: Date,
): Context {
  return {
    caller,
    now,
    outbox,
    tail,
    beds: new BedStore(database, now),
    facilities: new FacilityStore(database, now),
    regions: new RegionStore(database, now),
  };
}
