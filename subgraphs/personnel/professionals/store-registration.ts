import type { Pool, PoolClient } from 'pg';
import { randomUUID } from 'node:crypto';
import type { FacilityStore } from '../../../shared/facility-directory/index.js';
import {
  runOnce,
  type StoredForm,
  withoutWords,
  withWords,
  wordsOf,
} from '../../../shared/idempotency/index.js';
import { actorOf, type Caller, forbidden } from '../../../shared/identity/index.js';
import { isRefused, unknownFacility, type WithTypename } from '../../../shared/validation/rules.js';
import { storeAuditEntry } from '../audit/index.js';
import { declareEmployments } from '../commitments/index.js';
import type { Database } from '../database/database.js';
import type {
  ProfessionalExists,
  ProfessionalInput,
  ProfessionalRegistered,
  RegisterProfessionalInput,
  RegisterProfessionalsInput,
  UnknownFacility,
} from '../generated/graphql.js';
import { registrantOf } from './access.js';
import { REFERENCE } from './reference.js';
import { judgeRegistration, type RegistrationRefusal } from './rules.js';
import { type IdentitySeal } from './seal.js';
import {
  findOwnRecords,
  type NewRecord,
  newRecord,
  storeDuplicates,
  storeRecords,
} from './store-records.js';
import {
  countAgain,
  countedWith,
  facilitiesConcerned,
  lockPersons,
  publishStaffing,
} from './store-persons.js';

type Refusal =
  RegistrationRefusal | WithTypename<UnknownFacility> | WithTypename<ProfessionalExists>;
type Outcome = WithTypename<ProfessionalRegistered> | Refusal;
/** The outcome of one registration as it is stored for a repetition of the call; FORBIDDEN is an error of the caller's. */
type StoredOutcome = Outcome | 'FORBIDDEN';

interface BulkResult {
  __typename: 'RegisteredProfessionals';
  outcomes: StoredOutcome[];
}

/** An outcome as it is stored: of a registration the id and the instant, of a refusal nothing that the input says. */
type StoredForRepetition = [id: string, at: string] | Refusal | 'FORBIDDEN';

/** How the outcomes of a bulk are stored without words of its input, which may be about a person. */
function storedForm(inputs: readonly ProfessionalInput[]): StoredForm<BulkResult> {
  return {
    reduce: ({ outcomes }) => ({
      outcomes: outcomes.map((one, n) => {
        if (one === 'FORBIDDEN') return one;
        return one.__typename === 'ProfessionalRegistered'
          ? [one.professionalId, one.registeredAt]
          : withoutWords(one, wordsOf(inputs[n]));
      }),
    }),
    restore: (stored) => ({
      __typename: 'RegisteredProfessionals',
      outcomes: (stored as { outcomes: StoredForRepetition[] }).outcomes.map((one, n) => {
        if (one === 'FORBIDDEN') return one;
        if (!Array.isArray(one)) return withWords(one, wordsOf(inputs[n]));
        return {
          __typename: 'ProfessionalRegistered',
          professionalId: one[0],
          registeredAt: new Date(one[1]),
        };
      }),
    }),
  };
}

interface Directories {
  facilities: FacilityStore;
  seal: IdentitySeal;
}

/** Registers professionals. */
export class Registrations {
  readonly #db: Pool;
  readonly #facilities: FacilityStore;
  readonly #seal: IdentitySeal;
  readonly #now: Date;

  constructor({ pool }: Database, { facilities, seal }: Directories, now: Date) {
    this.#db = pool;
    this.#facilities = facilities;
    this.#seal = seal;
    this.#now = now;
  }

  async register({ professional, idempotencyKey }: RegisterProfessionalInput, caller: Caller) {
    const input = { professional, idempotencyKey };
    const call = { caller, field: 'registerProfessional', input, now: this.#now };
    const verdicts = await this.#judge([professional], caller);
    if (verdicts[0] === 'FORBIDDEN') throw forbidden(caller, 'professionals:register');
    const outcome = await runOnce(this.#db, call, async (db): Promise<Outcome> => {
      const [stored] = await this.#store(db, verdicts, { caller, field: 'registerProfessional' });
      return stored as Outcome;
    });
    return restored(outcome);
  }

  /** Registers each that can be, all in one transaction, and says what became of each, in order. */
  async registerAll(input: RegisterProfessionalsInput, caller: Caller) {
    const call = { caller, field: 'registerProfessionals', input, now: this.#now };
    const verdicts = await this.#judge(input.professionals, caller);
    const act = async (db: PoolClient): Promise<BulkResult> => ({
      __typename: 'RegisteredProfessionals',
      outcomes: await this.#store(db, verdicts, { caller, field: 'registerProfessionals' }),
    });
    const result = await runOnce(this.#db, call, act, storedForm(input.professionals));
    if (isRefused(result)) return result;
    const outcomes = result.outcomes.map((one): Outcome | Error =>
      one === 'FORBIDDEN' ? forbidden(caller, 'professionals:register') : restored(one),
    );
    // An Error in a list becomes null there and an error with its position.
    return { ...result, outcomes: outcomes as Outcome[] };
  }

  /** Returns the record of each registration, or why it is refused. All facilities are read together. */
  async #judge(
    inputs: readonly ProfessionalInput[],
    caller: Caller,
  ): Promise<(NewRecord | Refusal | 'FORBIDDEN')[]> {
    const named = inputs.flatMap(({ employment }) => employment?.facility ?? []);
    const known = await this.#facilities.areasOf([...new Set(named)]);
    return inputs.map((input) => {
      const registrant = registrantOf(caller, input);
      if (!registrant) return 'FORBIDDEN';
      const refusal = judgeRegistration(input, REFERENCE, this.#now);
      if (refusal) return refusal;
      const facility = input.employment?.facility;
      if (facility != null && !known.has(facility)) return unknownFacility(facility);
      return newRecord(randomUUID(), { input, registrant }, this.#seal);
    });
  }

  /** Stores the accepted records, finds whom they may be, and publishes what changes. */
  async #store(
    db: PoolClient,
    verdicts: readonly (NewRecord | Refusal | 'FORBIDDEN')[],
    { caller, field }: { caller: Caller; field: string },
  ): Promise<StoredOutcome[]> {
    const by = actorOf(caller);
    await lockPersons(db);
    const outcomes = await findOwnRecords(db, verdicts.map(recordIn), by);
    const records = verdicts.flatMap((verdict, n) => {
      const record = recordIn(verdict);
      return record && !outcomes[n] ? [record] : [];
    });
    await storeRecords(db, records, { at: this.#now, by });
    await declareEmployments(
      db,
      records.flatMap(({ employment }) => employment ?? []),
      { at: this.#now, by },
    );
    const linked = await storeDuplicates(db, records, this.#now);
    const counted = await countedWith(db, linked);
    await countAgain(db, counted);
    const registered = records.map(({ id }) => id);
    const concerned = await facilitiesConcerned(db, counted, registered);
    await publishStaffing(db, concerned, this.#now);
    await storeAuditEntry(db, {
      caller,
      action: 'REGISTER',
      field,
      people: registered,
      count: registered.length,
      at: this.#now,
    });
    return verdicts.map((verdict, n): StoredOutcome => {
      const record = recordIn(verdict);
      if (!record) return verdict as Refusal | 'FORBIDDEN';
      return (
        outcomes[n] ?? {
          __typename: 'ProfessionalRegistered',
          professionalId: record.id,
          registeredAt: this.#now,
        }
      );
    });
  }
}

function recordIn(verdict: NewRecord | Refusal | 'FORBIDDEN'): NewRecord | undefined {
  return typeof verdict === 'object' && 'digests' in verdict ? verdict : undefined;
}

/** An instant of a repeated call comes back from JSON as a text. */
function restored<One extends object>(outcome: One): One {
  return 'registeredAt' in outcome
    ? { ...outcome, registeredAt: new Date(outcome.registeredAt as string) }
    : outcome;
}
