import { FieldSeal, type SealedField } from '../../../../shared/personal-data/index.js';

/** Name and date of birth of a patient. */
export interface Identity {
  name: string | null;
  /** ISO 8601 date, without a time. */
  dateOfBirth: string | null;
}

export type SealedIdentity = SealedField;

/** Encrypts the identities of patients for their rows. */
export class IdentitySeal {
  readonly #fields: FieldSeal<[name: string | null, dateOfBirth: string | null]>;

  constructor(keys: readonly Buffer[]) {
    this.#fields = new FieldSeal('identity', keys);
  }

  seal(patient: string, { name, dateOfBirth }: Identity): SealedIdentity {
    return this.#fields.seal(patient, [name, dateOfBirth]);
  }

  /** Throws if the key is not in `PATIENTS_DATA_KEY` or the row was manipulated. */
  open(patient: string, sealed: SealedIdentity): Identity {
    const [name, dateOfBirth] = this.#fields.open(patient, sealed);
    return { name, dateOfBirth };
  }
}
