import { type Caller, permit } from '../../../../shared/identity/index.js';
import type { PatientRow } from './rules.js';
import type { PatientRef, PatientStore } from './store.js';

/** The part of the context that reading a patient requires. */
interface PatientContext {
  caller: Caller;
  patients: PatientStore;
}

/**
 * Returns the resolver of a patient's field: FORBIDDEN without the scope, null if the caller may not see the patient. Every field
 * is read with the caller's rights, whatever path led to the patient.
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
