import { parse, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { CoercedVariables, Caller, Spending } from '../core/index.js';
import { bracketDepth } from './bracket-depth.js';
import { Budget } from './budget.js';
import type { Priceable } from './cost.js';
import { CostCache } from './cost-cache.js';
import { LimitError, tooMuch } from './limit-error.js';
import { FEES, type Limits } from './limits.js';
import { NewTextQueue } from './new-text-queue.js';
import type { OperationList, SentOperation } from './operation-list.js';
import { RecentPlans } from './recent-plans.js';
import { planningCostOf } from './planning-cost.js';
import { checkShape } from './shape.js';
import { checkValidationWork } from './validation-work.js';

const MAX_REMEMBERED = 2_000;
/** Far more than fields and values need, far fewer than exhaust the stack of a parser. */
const MAX_BRACKET_DEPTH = 200;

/** The charge for an operation that may run. */
interface Charge {
  spending: Spending;
  /** Cost of the execution, without planning. */
  cost: number;
}

/** Decides whether an operation may run now. HTTP, WebSocket and event stream all call it, in the same order. */
export class Admission {
  /** The only operations that may run, if there is such a list. */
  readonly list: OperationList | undefined;
  readonly #limits: Limits;
  readonly #budget: Budget;
  /** Texts whose shape has passed the check. */
  readonly #known = new LRUCache<string, true>({ max: MAX_REMEMBERED });
  readonly #costs: CostCache;
  readonly #planned = new RecentPlans();
  readonly #newTexts: NewTextQueue;

  constructor(limits: Limits, list: OperationList | undefined) {
    this.#limits = limits;
    this.#newTexts = new NewTextQueue(limits);
    this.#budget = new Budget(limits);
    this.#costs = new CostCache(limits);
    this.list = list;
  }

  /** Adds the text of a listed operation where the client sent its id. Throws LimitError. */
  resolve<Operation extends SentOperation>(sent: Operation): Operation {
    if (!this.list) return sent;
    const { extensions, ...rest } = sent as Operation & { extensions?: object };
    const { persistedQuery: _, ...others } = (extensions ?? {}) as { persistedQuery?: unknown };
    return { ...rest, extensions: others, query: this.list.textOf(sent) } as unknown as Operation;
  }

  /** Charges for a large body before it is read. Throws LimitError. */
  async chargeBody(caller: Caller, fee: number): Promise<Spending> {
    return this.#budget.spend(caller, fee);
  }

  /**
   * First step: charges `fee`, which depends on the size of the request, and checks the text as far as possible before
   * validation. A text that is not cached waits for a slot. Throws LimitError.
   */
  async chargeRequest(
    caller: Caller,
    query: unknown,
    fee: number = FEES.request,
  ): Promise<Spending> {
    const spent = await this.#budget.spend(caller, fee);
    // `get` and not `has`: a text that is sent often stays in the cache, however many new ones come.
    if (typeof query !== 'string' || this.#known.get(query)) return spent;
    const more = await this.#budget.spend(caller, FEES.unknownText);
    const slot = this.#known.has(query) ? undefined : this.#newTexts.begin(caller, query);
    if (slot) await slot;
    try {
      this.#checkText(query);
    } catch (error) {
      await this.chargeRefusal(caller);
      throw error;
    }
    return { ...more, cost: spent.cost + more.cost };
  }

  /**
   * Second step, after validation: charges the cost of the operation with these variables, and of planning it if it was not
   * planned recently. Returns the charge, if any. Throws LimitError, also for an operation whose planning would block the
   * event loop too long.
   */
  async chargeOperation(
    caller: Caller,
    priceable: Priceable,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    { coerced, errors }: CoercedVariables,
  ): Promise<Charge | undefined> {
    if (errors) return undefined; // it will not run, and its errors are the response
    let cost: number;
    let planning: number;
    try {
      cost = this.#costOf(priceable, document, operation, coerced);
      planning = this.#planningOf(priceable, document, operation);
    } catch (error) {
      await this.chargeRefusal(caller);
      throw error;
    }
    if (cost + planning === 0) return undefined;
    const spending = await this.#budget.spend(caller, cost + planning);
    this.#planned.add(operation);
    return { spending, cost };
  }

  #costOf(
    priceable: Priceable,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    coerced: Record<string, unknown>,
  ): number {
    const cost = Math.ceil(this.#costs.of(priceable, document, operation, coerced));
    if (cost <= this.#limits.cost) return cost;
    throw new LimitError(
      `An operation may cost at most ${this.#limits.cost}; this one costs up to ${cost}. Use shorter pages (first), fewer fields inside lists, or one category instead of all.`,
      { status: 400 },
    );
  }

  /** 0 for an operation that was planned recently. */
  #planningOf(
    { schema }: Priceable,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): number {
    if (this.#planned.has(operation)) return 0;
    const most = this.#limits.planningCost;
    const cost = planningCostOf(schema, document, operation, most);
    if (cost <= most) return cost;
    throw new LimitError(
      `Planning an operation may cost at most ${most}; this one would cost more, including what @skip and @include leave out. Send a smaller operation, or several; name the types you need instead of an interface that many have.`,
      { status: 400 },
    );
  }

  /** Charges for a request that was refused elsewhere: its text is no GraphQL, or is invalid under this schema. */
  async chargeRefusal(caller: Caller): Promise<Spending> {
    return this.#budget.fine(caller, FEES.refusal);
  }

  /** Charges for a token that was not accepted. Throws LimitError when the budget of its address is used up. */
  async chargeRefusedToken(address: Caller): Promise<void> {
    await this.#budget.spend(address, FEES.refusal);
  }

  #checkText(query: string): void {
    const { textLength, tokens } = this.#limits;
    if (query.length > textLength) {
      const remedy = 'Send the values as variables.';
      throw tooMuch('characters', textLength, query.length, remedy);
    }
    const open = bracketDepth(query);
    if (open > MAX_BRACKET_DEPTH) {
      const remedy = 'Send the values as variables.';
      throw tooMuch('nested brackets', MAX_BRACKET_DEPTH, open, remedy);
    }
    const document = parsed(query, tokens);
    if (!document) return; // its execution reports why
    checkShape(document, this.#limits);
    checkValidationWork(document, this.#limits);
    this.#known.set(query, true);
    this.#newTexts.release(query);
  }
}

function parsed(query: string, maxTokens: number): DocumentNode | undefined {
  try {
    return parse(query, { maxLexicalTokens: maxTokens });
  } catch (error) {
    if (!(error as Error).message.includes(`more that ${maxTokens} tokens`)) return undefined;
    throw new LimitError(
      `An operation may have at most ${maxTokens} tokens; this one has more. Send the values as variables.`,
      { status: 400 },
    );
  }
}
