import type { Caller } from '../../../shared/identity/index.js';
import type { PatientVisibility } from '../access/index.js';
import type { Disclosures } from './disclosures.js';
import type { AuditStore } from './store.js';

/** The part of the context that recording of reads requires. */
export interface ReadContext {
  caller: Caller;
  visibility: PatientVisibility;
  /** Collects the patients whom this request discloses; undefined in a subscription, which the gateway records as a whole. */
  disclosures?: Disclosures;
  audit: AuditStore;
  patients: {
    /** Returns the patient if the caller may see them. */
    find(id: string): Promise<{ area: string } | undefined>;
  };
}
