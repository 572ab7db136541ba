import { createHmac } from 'node:crypto';
import type { Settings } from '../../../shared/env.js';
import { FieldSeal, sealKeys, type SealedField } from '../../../shared/personal-data/index.js';
import type { ProfessionalIdentityInput, RegistryNumberKind } from '../generated/graphql.js';
import { nameKey, registryKey } from './rules/matching.js';

/** The number under which a registry knows a professional. */
export interface RegistryNumberRow {
  kind: RegistryNumberKind;
  number: string;
  /** Id of the chamber that assigned it. */
  chamber: string | null;
}

/** The identity of a professional. */
export interface Identity {
  givenName: string;
  familyName: string;
  birthName: string | null;
  /** ISO 8601 date. */
  birthDate: string;
  birthPlace: string;
  registryNumber: RegistryNumberRow | null;
  phone: string | null;
  email: string | null;
}

/** Digests of an identity under each key, that of the current key first. */
export interface IdentityDigests {
  name: Buffer[];
  /** None without a registry number. */
  registry: Buffer[];
}

/** Encrypts who professionals are, and digests it so that records of one person are found without reading a name. */
export class IdentitySeal {
  readonly #fields: FieldSeal<Identity>;
  readonly #digestKeys: readonly Buffer[];

  /** The first key seals and digests; all of them open, and find what was digested with them. */
  constructor(keys: readonly Buffer[]) {
    this.#fields = new FieldSeal('professional', keys);
    this.#digestKeys = keys.map((key) =>
      createHmac('sha256', key).update('vierblatt professional digest').digest(),
    );
  }

  seal(professional: string, identity: Identity): SealedField {
    return this.#fields.seal(professional, identity);
  }

  /** Throws if the key is not in `PERSONNEL_DATA_KEY` or the row was manipulated. */
  open(professional: string, sealed: SealedField): Identity {
    return this.#fields.open(professional, sealed);
  }

  digest(identity: Identity): IdentityDigests {
    const { registryNumber } = identity;
    return {
      name: this.#digestsOf('name', nameKey(identity)),
      registry: registryNumber ? this.#digestsOf('registry', registryKey(registryNumber)) : [],
    };
  }

  #digestsOf(use: string, text: string): Buffer[] {
    return this.#digestKeys.map((key) =>
      createHmac('sha256', key).update(`${use} ${text}`).digest(),
    );
  }
}

/** Returns the identity that an input has, without spaces around its texts. */
export function identityOf(input: ProfessionalIdentityInput): Identity {
  const { givenName, familyName, birthName, birthDate, birthPlace, registryNumber, phone, email } =
    input;
  return {
    givenName: givenName.trim(),
    familyName: familyName.trim(),
    birthName: birthName?.trim() ?? null,
    birthDate,
    birthPlace: birthPlace.trim(),
    registryNumber: registryNumber
      ? {
          kind: registryNumber.kind,
          number: registryNumber.number.trim(),
          chamber: registryNumber.chamber ?? null,
        }
      : null,
    phone: phone?.trim() ?? null,
    email: email?.trim() ?? null,
  };
}

type KeySettings = Pick<Settings, 'personnelDataKey' | 'oidcIssuer' | 'dataFolder'>;

/** Returns the keys that encrypt and digest identities; see `sealKeys` for where they come from. Throws SettingsError. */
export function personnelKeys({
  personnelDataKey,
  oidcIssuer,
  dataFolder,
}: KeySettings): Promise<Buffer[]> {
  return sealKeys({
    subgraph: 'personnel',
    setting: 'PERSONNEL_DATA_KEY',
    keys: personnelDataKey,
    dataFolder,
    isDevelopment: oidcIssuer === undefined,
  });
}
