import type { Caller } from '../../../shared/identity/index.js';
import type { Visibility } from '../access/index.js';
import type { Disclosures } from './disclosures.js';
import type { AuditStore } from './store.js';

/** What recording reads needs of the context of a request. */
export interface ReadContext {
  caller: Caller;
  visibility: Visibility;
  /** Collects who is shown in this request; undefined in a subscription, which the gateway records as a whole. */
  disclosures?: Disclosures;
  audit: AuditStore;
  patients: {
    /** The patient, if the caller may see them. */
    find(id: string): Promise<{ area: string } | undefined>;
  };
}
