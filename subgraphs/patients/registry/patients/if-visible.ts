import { type Caller, permit } from '../../../../shared/identity/index.js';
import type { PatientRow } from './rules.js';
import type { PatientRef, PatientStore } from './store.js';

/** What reading a patient needs of the context of a request. */
interface PatientContext {
  caller: Caller;
  patients: PatientStore;
}

/**
 * A field of a patient for those who see patients: FORBIDDEN without the scope, null where the patient is not seen. However
 * a patient came into an answer, each of his fields is read with the caller's rights.
 */
export function ifVisible<Field, Context extends PatientContext>(
  read: (patient: PatientRow, context: Context) => Field | Promise<Field>,
) {
  return async ({ id }: PatientRef, _: unknown, context: Context): Promise<Field | null> => {
    permit(context.caller, 'patients:read');
    const patient = await context.patients.find(id);
    return patient ? read(patient, context) : null;
  };
}
