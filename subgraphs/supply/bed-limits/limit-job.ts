import type { Logger } from 'pino';
import { recordFault } from '../../../shared/errors/index.js';
import type { Job, JobKind } from '../../../shared/jobs/index.js';
import { type SubgraphClient, SubgraphUnavailable } from '../../../shared/subgraph-client/index.js';
import { isRefused } from '../../../shared/validation/rules.js';
import { DeclareSustainableBedsDocument } from '../capacity-client/index.js';
import type { BedCategory, Method } from '../generated/graphql.js';
import type { LimitConcern } from '../generated/prisma/client.js';

/** The kind of jobs that declare to capacity how many beds a cause lets a facility keep in use. */
export const LIMIT_JOB = 'bed-limit.declare';

/** Causes of limits that supply declares. */
export type LimitCause =
  'POWER' | 'OXYGEN' | 'COMPRESSED_AIR' | 'WATER' | 'HEAT' | 'FOOD' | 'BLOOD' | 'DEVICE';

/** A declaration as it is stored with its job; instants in ISO 8601. */
export interface LimitInput {
  facility: string;
  cause: LimitCause;
  /** Null beds withdraw what was declared of a category. */
  beds: { category: BedCategory; beds: number | null; from: string }[];
  observedAt: string;
  until: string;
  source: string;
  method: Method;
  /** Whether what limits them fell suddenly since the declaration before. */
  suddenFall: boolean;
  /** Left out by the release before. */
  concerns?: readonly LimitConcern[];
}

/** The name of capacity's outcome. */
interface LimitOutcome {
  is: string;
}

/** Declares to capacity how many beds a facility can keep in use; capacity counts the declaration that was observed last. */
export class LimitJobKind implements JobKind<LimitInput, LimitOutcome, LimitOutcome, void> {
  readonly name = LIMIT_JOB;
  readonly formerName = 'declare-sustainable-beds';
  readonly #capacity: SubgraphClient;
  readonly #log: Logger;

  constructor(capacity: SubgraphClient, log: Logger) {
    this.#capacity = capacity;
    this.#log = log;
  }

  async call({ id, input, actor }: Job<LimitInput>): Promise<LimitOutcome> {
    const { beds, until, concerns = [], ...rest } = input;
    const items = beds.map((one) => ({ ...one, until }));
    const variables = { input: { ...rest, items, concerns, idempotencyKey: id } };
    const { outcome } = await this.#capacity.request(DeclareSustainableBedsDocument, variables, {
      actor,
    });
    if (outcome === null) throw new SubgraphUnavailable('capacity sent no outcome');
    if (isRefused(outcome)) {
      const { message } = outcome;
      recordFault(this.#log, 'capacity refused a declaration', { job: id, message }, 'warn');
    }
    return { is: outcome.__typename };
  }

  lock(): Promise<void> {
    return Promise.resolve();
  }

  record(_db: unknown, _job: unknown, outcome: LimitOutcome) {
    return Promise.resolve({ outcome });
  }
}
