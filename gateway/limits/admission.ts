import { parse, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { CoercedVariables } from '../core/coerced-variables.js';
import { openBrackets } from './bracket-depth.js';
import { Budget } from './budget.js';
import type { Caller } from '../core/caller.js';
import type { Priceable } from './cost.js';
import { KnownCosts } from './cost-cache.js';
import { LimitExceeded, tooMuch } from './limit-exceeded.js';
import { FEES, type Limits } from './limits.js';
import { NewTextTurns } from './new-text-turns.js';
import type { OperationList, SentOperation } from './operation-list.js';
import { PlannedLately } from './recently-planned.js';
import { planningCostOf } from './planning-cost.js';
import { checkShape } from './shape.js';
import type { Spending } from '../core/spending.js';
import { checkValidationWork } from './validation-work.js';

const MOST_REMEMBERED = 2_000;
/** Far more than the levels of fields and of values need, far fewer than exhaust the stack of a parser. */
const MOST_OPEN_BRACKETS = 200;

/** What was charged for an operation that may run. */
interface Charged {
  spending: Spending;
  /** Of running it, without planning. */
  cost: number;
}

/** Whether an operation may run now. HTTP, WebSocket and event stream all ask here, in the same order. */
export class Admission {
  /** The only operations that run, if there is such a list. */
  readonly list: OperationList | undefined;
  readonly #limits: Limits;
  readonly #budget: Budget;
  /** Texts whose shape was checked. */
  readonly #known = new LRUCache<string, true>({ max: MOST_REMEMBERED });
  readonly #costs: KnownCosts;
  readonly #planned = new PlannedLately();
  readonly #newTextTurns: NewTextTurns;

  constructor(limits: Limits, list: OperationList | undefined) {
    this.#limits = limits;
    this.#newTextTurns = new NewTextTurns(limits);
    this.#budget = new Budget(limits);
    this.#costs = new KnownCosts(limits);
    this.list = list;
  }

  /** What was sent, with its text where the client sent the id of a listed operation. Throws LimitExceeded. */
  resolve<Sent extends SentOperation>(sent: Sent): Sent {
    if (!this.list) return sent;
    const { extensions, ...rest } = sent as Sent & { extensions?: object };
    const { persistedQuery: _, ...others } = (extensions ?? {}) as { persistedQuery?: unknown };
    return { ...rest, extensions: others, query: this.list.textOf(sent) } as unknown as Sent;
  }

  /** Before a large body is read: what that costs. Throws LimitExceeded. */
  async body(caller: Caller, fee: number): Promise<Spending> {
    return this.#budget.spend(caller, fee);
  }

  /**
   * First: what every request costs, `fee` by its size, and what can be said of a text before it is validated. A text that
   * was not seen lately waits for its turn. Throws LimitExceeded.
   */
  async arrive(caller: Caller, query: unknown, fee: number = FEES.request): Promise<Spending> {
    const spent = await this.#budget.spend(caller, fee);
    if (typeof query !== 'string' || this.#known.has(query)) return spent;
    const more = await this.#budget.spend(caller, FEES.unknownText);
    const turn = this.#newTextTurns.begin(caller);
    if (turn) await turn;
    await this.#orFined(caller, () => this.#checkText(query));
    return { ...more, cost: spent.cost + more.cost };
  }

  /**
   * Second, once it is validated: charges what it costs to run with these variables, and to plan it if it was not planned
   * lately. Returns what was charged, if anything. Throws LimitExceeded, also before an operation is planned whose planning
   * would hold up everybody.
   */
  async run(
    caller: Caller,
    priceable: Priceable,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    { coerced, errors }: CoercedVariables,
  ): Promise<Charged | undefined> {
    if (errors) return undefined; // it will not run, and its sender is told why
    const cost = await this.#orFined(caller, () => {
      const sum = Math.ceil(this.#costs.of(priceable, document, operation, coerced));
      if (sum <= this.#limits.cost) return sum;
      throw new LimitExceeded(
        `An operation may cost at most ${this.#limits.cost}; this one costs up to ${sum}. Ask for shorter pages (first), fewer fields inside lists, or one category instead of all.`,
        { status: 400 },
      );
    });
    const planning = await this.#orFined(caller, () =>
      this.#planningOf(priceable, document, operation),
    );
    if (cost + planning === 0) return undefined;
    const spending = await this.#budget.spend(caller, cost + planning);
    this.#planned.add(operation);
    return { spending, cost };
  }

  /** Nothing for one that was planned lately. */
  #planningOf(
    { schema }: Priceable,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): number {
    if (this.#planned.has(operation)) return 0;
    const most = this.#limits.planningCost;
    const cost = planningCostOf(schema, document, operation, most);
    if (cost <= most) return cost;
    throw new LimitExceeded(
      `To plan an operation may cost at most ${most}; this one would cost more, also for what @skip and @include leave out. Ask for less, or in several operations; name the types you need instead of an interface that many have.`,
      { status: 400 },
    );
  }

  /** For what others than the limits refused: text that is not GraphQL, or not of this schema. */
  async refused(caller: Caller): Promise<Spending> {
    return this.#budget.fine(caller, FEES.refusal);
  }

  /** For a token that was not accepted. Throws LimitExceeded when its address has nothing left to spend. */
  async refusedToken(address: Caller): Promise<void> {
    await this.#budget.spend(address, FEES.refusal);
  }

  async #orFined<T>(caller: Caller, check: () => T): Promise<T> {
    try {
      return check();
    } catch (error) {
      await this.refused(caller);
      throw error;
    }
  }

  #checkText(query: string): void {
    const { textLength, tokens } = this.#limits;
    if (query.length > textLength) {
      const remedy = 'Send the values as variables.';
      throw tooMuch('characters', textLength, query.length, remedy);
    }
    const open = openBrackets(query);
    if (open > MOST_OPEN_BRACKETS) {
      const remedy = 'Send the values as variables.';
      throw tooMuch('brackets within one another', MOST_OPEN_BRACKETS, open, remedy);
    }
    const document = parsed(query, tokens);
    if (!document) return; // whoever runs it says why
    checkShape(document, this.#limits);
    checkValidationWork(document, this.#limits);
    this.#known.set(query, true);
  }
}

function parsed(query: string, maxTokens: number): DocumentNode | undefined {
  try {
    return parse(query, { maxLexicalTokens: maxTokens });
  } catch (error) {
    if (!(error as Error).message.includes(`more that ${maxTokens} tokens`)) return undefined;
    throw new LimitExceeded(
      `An operation may have at most ${maxTokens} tokens; this one has more. Send the values as variables.`,
      { status: 400 },
    );
  }
}
