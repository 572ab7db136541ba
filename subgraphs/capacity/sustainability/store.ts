import type { Pool, PoolClient } from 'pg';
import type { WithTypename } from '../../../shared/validation/rules.js';
import { recordValues } from '../../../shared/database/index.js';
import { runOnce } from '../../../shared/idempotency/index.js';
import type { Caller } from '../../../shared/identity/index.js';
import type { Database } from '../database/database.js';
import { unknownFacility } from '../facilities/rules.js';
import { lockFacilities } from '../facilities/index.js';
import type { SustainableBedsDeclarationInput, UnknownFacility } from '../generated/graphql.js';
import {
  conflicting,
  isDeclared,
  isSame,
  keyOf,
  type DeclarationRefusal,
  type DeclaredBeds,
  type StatedBeds,
} from './rules.js';
import {
  DECLARATION_KEY,
  DECLARED,
  DECLARED_UNDER_KEYS,
  STORE_DECLARATIONS,
} from './statements.js';

/** A facility whose beds were declared, by its id, because what is kept of a call must survive JSON. */
interface FacilityRefOfCall {
  __typename: 'Facility';
  id: string;
}

/** The result of one declaration. */
export type DeclarationOutcome =
  FacilityRefOfCall | DeclarationRefusal | WithTypename<UnknownFacility>;

/** Decides on one declaration by itself; `undefined` where the caller may not make it. */
export type DecideDeclaration = (
  input: SustainableBedsDeclarationInput,
) => DeclaredBeds[] | DeclarationRefusal | undefined;

/** The results of the declarations of a call, in order; null where the caller may not make one. */
export interface DeclarationOutcomes {
  outcomes: (DeclarationOutcome | null)[];
}

/** Stores what subgraphs declare of the beds that facilities can keep in use. */
export class SustainabilityStore {
  readonly #db: Pool;
  readonly #now: Date;

  constructor({ pool }: Database, now: Date) {
    this.#db = pool;
    this.#now = now;
  }

  /** Stores one declaration, once per key. */
  declare(
    input: SustainableBedsDeclarationInput & { idempotencyKey: string },
    caller: Caller,
    decide: DecideDeclaration,
  ) {
    const call = { caller, field: 'declareSustainableBeds', input, now: this.#now };
    return runOnce(this.#db, call, async (db): Promise<DeclarationOutcome> => {
      const [outcome] = await this.#store(db, [input], decide);
      return outcome!;
    });
  }

  /** Stores what `decide` accepts, all of it in one transaction and once per key. */
  async declareMany(
    input: { declarations: SustainableBedsDeclarationInput[]; idempotencyKey: string },
    caller: Caller,
    decide: DecideDeclaration,
  ) {
    const call = { caller, field: 'declareSustainableBedsOfMany', input, now: this.#now };
    return runOnce(this.#db, call, async (db): Promise<DeclarationOutcomes> => {
      return { outcomes: await this.#store(db, input.declarations, decide) };
    });
  }

  /**
   * Under the locks of the facilities: of two calls at once the second sees what the first stored, and a reservation is given
   * before a declaration or after it, never between.
   */
  async #store(
    db: PoolClient,
    inputs: readonly SustainableBedsDeclarationInput[],
    decide: DecideDeclaration,
  ): Promise<(DeclarationOutcome | null)[]> {
    const facilities = await lockFacilities(
      db,
      inputs.map(({ facility }) => facility),
    );
    const verdicts = inputs.map((input) => {
      const verdict = decide(input);
      if (!verdict || facilities.has(input.facility)) return verdict;
      return unknownFacility(input.facility);
    });
    const known = await declaredUnder(db, verdicts.filter(isAccepted).flat());
    const accepted: DeclaredBeds[] = [];
    const outcomes = verdicts.map((verdict): DeclarationOutcome | null => {
      if (!isAccepted(verdict)) return verdict ?? null;
      const refused = verdict.find((beds) => {
        const before = known.get(keyOf(beds));
        return before && !isSame(before, beds);
      });
      if (refused) return conflicting(refused);
      for (const beds of verdict) known.set(keyOf(beds), beds);
      accepted.push(...verdict);
      return { __typename: 'Facility', id: verdict[0]!.facilityId };
    });
    if (accepted.length > 0) {
      await db.query({
        name: 'store-declarations',
        text: STORE_DECLARATIONS,
        values: [this.#now, ...recordValues(DECLARED, accepted)],
      });
    }
    return outcomes;
  }
}

function isAccepted(verdict: object | undefined): verdict is DeclaredBeds[] {
  return verdict !== undefined && isDeclared(verdict);
}

/** Returns the declarations that are stored under the keys of others. */
async function declaredUnder(
  db: PoolClient,
  declared: readonly DeclaredBeds[],
): Promise<Map<string, StatedBeds>> {
  if (declared.length === 0) return new Map();
  const { rows } = await db.query<DeclaredBeds>(
    DECLARED_UNDER_KEYS,
    recordValues(DECLARATION_KEY, declared),
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}
