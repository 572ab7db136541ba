import type { ClientBase } from 'pg';
import type { WithTypename } from '../../../shared/validation/rules.js';
import type { Employment } from '../commitments/index.js';
import type { ProfessionalExists, ProfessionalInput } from '../generated/graphql.js';
import type { Registrant } from './access.js';
import { professionalExists } from './rules.js';
import { identityOf, type IdentityDigests, type IdentitySeal } from './seal.js';
import * as statements from './statements.js';

/** A record to be stored, which names nobody. */
export interface NewRecord {
  id: string;
  registrant: Registrant;
  digests: IdentityDigests;
  /** Columns of `STORE_PROFESSIONALS`. */
  row: object;
  qualifications: object[];
  /** The employment that the employer declares; undefined where a person registers themselves. */
  employment: Employment | undefined;
}

/** Returns the record of a registration: its identity is sealed and digested here, and goes no further. */
export function newRecord(
  id: string,
  { input, registrant }: { input: ProfessionalInput; registrant: Registrant },
  seal: IdentitySeal,
): NewRecord {
  const { employment, homeArea, reachability, consentAt, qualifications } = input;
  const identity = identityOf(input.identity);
  const digests = seal.digest(identity);
  const { keyId, nonce, sealed } = seal.seal(id, identity);
  const [facility, organisation] = [employment?.facility ?? null, employment?.organisation ?? null];
  return {
    id,
    registrant,
    digests,
    row: {
      id,
      homeArea,
      reachability,
      registrantKind: registrant.kind,
      registrant: registrant.id,
      facility,
      organisation,
      nameDigest: digests.name[0]!.toString('hex'),
      registryDigest: digests.registry[0]?.toString('hex') ?? null,
      keyId,
      nonce: nonce.toString('hex'),
      sealed: sealed.toString('hex'),
      consentAt,
    },
    qualifications: qualifications.map(({ profession, specialty, chamber }) => ({
      professional: id,
      profession,
      specialty: specialty?.trim() ?? null,
      chamber: chamber ?? null,
    })),
    employment:
      employment && registrant.kind !== 'PERSON'
        ? {
            professional: id,
            kind: employment.isSideJob ? 'SIDE_JOB' : 'MAIN_EMPLOYER',
            facility,
            organisation,
            group: employment.group,
          }
        : undefined,
  };
}

/** One digest of a record. */
interface Digest<Key> {
  key: Key;
  digest: string;
  isRegistry: boolean;
}

function digestsOf<Key>({ name, registry }: IdentityDigests, key: Key): Digest<Key>[] {
  const each = (digests: readonly Buffer[], isRegistry: boolean) =>
    digests.map((digest) => ({ key, digest: digest.toString('hex'), isRegistry }));
  return each(name, false).concat(each(registry, true));
}

/** Returns for each record whether its registrant has registered the person before, or with an earlier one of these. */
export async function findOwnRecords(
  db: ClientBase,
  records: readonly (NewRecord | undefined)[],
  by: string,
): Promise<(WithTypename<ProfessionalExists> | undefined)[]> {
  const digests = records.flatMap((record, n) =>
    record ? digestsOf(record.digests, { n, record }) : [],
  );
  const { rows } = await db.query<{ position: number; id: string }>({
    name: 'own-records',
    text: statements.OWN_RECORDS,
    values: [
      digests.map(({ key }) => key.n),
      digests.map(({ digest }) => digest),
      digests.map(({ isRegistry }) => isRegistry),
      digests.map(({ key }) => key.record.registrant.id),
      by,
    ],
  });
  const known = new Map(rows.map(({ position, id }) => [position, id]));
  const earlier = new Map<string, string>();
  return records.map((record, n) => {
    if (!record) return undefined;
    const before = known.get(n);
    if (before !== undefined) return professionalExists(before);
    const own = digestsOf(record.digests, record.registrant.id).map(
      ({ key, digest, isRegistry }) => `${key} ${digest} ${isRegistry}`,
    );
    const same = own.flatMap((digest) => earlier.get(digest) ?? [])[0];
    if (same !== undefined) return professionalExists(same);
    for (const digest of own) earlier.set(digest, record.id);
    return undefined;
  });
}

export async function storeRecords(
  db: ClientBase,
  records: readonly NewRecord[],
  { at, by }: { at: Date; by: string },
): Promise<void> {
  await db.query({
    name: 'store-professionals',
    text: statements.STORE_PROFESSIONALS,
    values: [JSON.stringify(records.map(({ row }) => row)), at, by],
  });
  await db.query({
    name: 'store-qualifications',
    text: statements.STORE_QUALIFICATIONS,
    values: [JSON.stringify(records.flatMap(({ qualifications }) => qualifications))],
  });
}

/** Stores which records of other registrants may be of the same persons; returns the new records and those that were found. */
export async function storeDuplicates(
  db: ClientBase,
  records: readonly NewRecord[],
  at: Date,
): Promise<string[]> {
  const digests = records.flatMap(({ id, digests: own }) => digestsOf(own, id));
  const { rows } = await db.query<{ a: string; b: string }>({
    name: 'store-duplicates',
    text: statements.STORE_DUPLICATES,
    values: [
      digests.map(({ key }) => key),
      digests.map(({ digest }) => digest),
      digests.map(({ isRegistry }) => isRegistry),
      at,
    ],
  });
  return [...new Set(records.map(({ id }) => id).concat(rows.flatMap(({ a, b }) => [a, b])))];
}
