/** The limits of one caller. Operations are measured with every fragment inserted where it is spread. */
export interface Limits {
  /** Characters of an operation's text. */
  textLength: number;
  /** Tokens of the text; graphql-js stops parsing at the next. */
  tokens: number;
  /** Nested fields. The introspection query of GraphiQL has 15. */
  depth: number;
  /** Fields with an alias. */
  aliases: number;
  directives: number;
  /** Selections within one pair of braces. Validation compares each with each. */
  breadth: number;
  /** Steps that validation takes, see `checkValidationWork`. The introspection query of GraphiQL takes about 1,000. */
  comparisons: number;
  /** All fields. The introspection query of GraphiQL has about 300. */
  fields: number;
  /** The largest value of a slicing argument such as `first`. */
  pageSize: number;
  /** Cost of one operation, before it runs; 1 is about one object that is read. */
  cost: number;
  /** Cost of planning one operation, in the same unit: only time of the event loop. */
  planningCost: number;
  /** Cost that a caller may spend in a minute. */
  costPerMinute: number;
  /** `costPerMinute` for the role `service`: such systems report for many facilities, a thousand reports in one call. */
  serviceCostPerMinute: number;
  /** Queries and mutations of one caller that run at the same time. */
  operations: number;
  /** `operations` for the role `service`. */
  serviceOperations: number;
  /** Operations of one caller that may wait until others of the same caller have ended. */
  waitingOperations: number;
  /** The longest wait of each of them. */
  operationWaitMs: number;
  /** WebSockets that one caller may open in a minute, and one address without a token that is accepted. */
  connectionsPerMinute: number;
  /** WebSockets that one address may have open. */
  connections: number;
}

/** No parser of the gateway reads more tokens of an operation. */
export const MAX_TOKENS = 5_000;
const SERVICE_FACTOR = 20;

/** The defaults, all of them. Operators tune the budget (`RATE_LIMIT_COST_PER_MINUTE`); the rest protects the process. */
export function limitsWith({
  costPerMinute = 600_000,
}: { costPerMinute?: number | undefined } = {}): Limits {
  return {
    textLength: 100_000,
    tokens: MAX_TOKENS,
    depth: 16,
    aliases: 50,
    directives: 50,
    breadth: 100,
    comparisons: 10_000,
    fields: 1_000,
    pageSize: 500,
    cost: 50_000,
    planningCost: 20_000,
    costPerMinute,
    serviceCostPerMinute: costPerMinute * SERVICE_FACTOR,
    operations: 4,
    serviceOperations: 32,
    waitingOperations: 100,
    operationWaitMs: 10_000,
    connectionsPerMinute: 6_000,
    connections: 10_000,
  };
}

/** From this cost on an operation makes subgraphs read much: it uses connections of its own, so that no other operation waits for it. */
export const HEAVY_COST = 5_000;

/** The largest body of a request without an accepted token; introspection fits. */
export const LARGEST_SMALL_BODY_BYTES = 16 * 1024;
const BYTES_PER_FEE = 4 * 1024;

/** Charges beside the cost of an operation, in the same unit. */
export const FEES = {
  /** For every request, so that empty requests are not free, and for each started 4 KiB of its body. */
  request: 10,
  /** For a text that is not cached, which is parsed and validated. The cost of planning (`planning-cost.ts`) is added. */
  unknownText: 100,
  /** For a refused request: the check was work, and a correct client is hardly ever refused. */
  refusal: 500,
} as const;

/** Returns the fee for a request with a body of this size: the work of reading grows with it. */
export function feeFor(bytes: number): number {
  return FEES.request * Math.max(1, Math.ceil(bytes / BYTES_PER_FEE));
}
