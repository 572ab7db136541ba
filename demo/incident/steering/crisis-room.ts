import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Speaker } from '../../client/development-token.js';
import { PlayerError } from '../../client/player-error.js';
import { DECLARE, REGISTER } from '../operations.js';
import type { Scene } from '../scene.js';
import { accepted, controlRoomOf, type Ask, type Outcome } from '../speaking.js';
import type { SyntheticCasualty } from './casualties.js';
import * as operations from './operations.js';

/** As many as one call may register. */
const REGISTERED_AT_ONCE = 5_000;
/** A confirmation that capacity's absence holds up is finished by the hub itself. */
const CONFIRMING_TRIES = 120;
const CONFIRMING_PAUSE_MS = 500;

/** What the dispatcher sees of a plan before he confirms it. */
export interface Proposal {
  id: string;
  summary: {
    patients: number;
    allocated: number;
    weightedMinutes: number;
    cost: number;
    optimalityGap: number | null;
    solverMilliseconds: number;
    timedOut: boolean;
  };
}

/** An assignment that became a transfer. */
export interface Confirmed {
  transfer: string;
  facility: { id: string; name: string };
  category: SyntheticCasualty['category'];
  minutes: number;
  means: string;
  withPhysician: boolean;
}

interface Page<Node> {
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

type Assigned = Omit<Confirmed, 'transfer'> & {
  outcome: string;
  transfer: { id: string } | null;
};
type Proposed = Outcome & Proposal;
type ConfirmedPlan = Outcome & { status: string };
interface AssignmentsAnswer {
  allocationPlan: { status: string; assignments: Page<Assigned> } | null;
}
interface UnallocatedAnswer {
  allocationPlan: { unallocated: Page<{ code: string }> } | null;
}

/** The control room that has the hub steer, as it speaks to the hub's public API. Throws PlayerError. */
export class CrisisRoom {
  readonly #ask: Ask;
  readonly #speaker: Speaker;

  constructor(ask: Ask, area: string) {
    this.#ask = ask;
    this.#speaker = controlRoomOf(area);
  }

  /** Declares an incident over several places; returns its id and a section for each place. */
  async declare(
    name: string,
    places: readonly Scene[],
    estimatedCasualties: number,
  ): Promise<{ incident: string; sections: string[] }> {
    const [{ area, position }] = places as [Scene];
    const input = { name, hazard: 'MASS_CASUALTY', position, area, estimatedCasualties };
    const incident = accepted(
      await this.#change<Outcome & { id: string }>('declareIncident', DECLARE, input),
      'Incident',
      'declare the incident',
    ).id;
    const sections: string[] = [];
    for (const place of places) sections.push(await this.#open(incident, place));
    return { incident, sections };
  }

  /** Returns how many were registered. */
  async register(
    incident: string,
    sections: readonly string[],
    casualties: readonly SyntheticCasualty[],
  ): Promise<number> {
    let registered = 0;
    for (let from = 0; from < casualties.length; from += REGISTERED_AT_ONCE) {
      const some = casualties
        .slice(from, from + REGISTERED_AT_ONCE)
        .map(({ place, ...casualty }) => ({ ...casualty, section: sections[place] }));
      const { outcomes } = accepted(
        await this.#change<Outcome & { outcomes: (Outcome | null)[] }>(
          'registerCasualties',
          REGISTER,
          { incident, casualties: some },
        ),
        'RegisteredCasualties',
        'register the casualties',
      );
      for (const outcome of outcomes) accepted(outcome, 'Patient', 'register a casualty');
      registered += outcomes.length;
    }
    return registered;
  }

  /** Undefined when nobody is left whom a house could be found for. */
  async propose(
    incident: string,
    { wave, radiusKm }: { wave: number; radiusKm: number },
    parameters: object = {},
  ): Promise<Proposal | undefined> {
    const input = { incident, wave, radiusKm, parameters };
    const outcome = await this.#change<Proposed>('proposeAllocation', operations.PROPOSE, input);
    if (outcome?.__typename === 'NobodyToAllocate') return undefined;
    const { id, summary } = accepted(outcome, 'AllocationPlan', 'propose a plan');
    return { id, summary };
  }

  /** How many a plan gives no house, by the reason's code. */
  async unallocated(plan: string): Promise<Map<string, number>> {
    const codes = new Map<string, number>();
    let after: string | null = null;
    do {
      const page: Page<{ code: string }> = await this.#unallocated(plan, after);
      for (const { code } of page.nodes) codes.set(code, (codes.get(code) ?? 0) + 1);
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    return codes;
  }

  /** Confirms a plan and returns what became of it. */
  async confirm(plan: string): Promise<{ confirmed: Confirmed[]; lost: number }> {
    const outcome = await this.#change<ConfirmedPlan>('confirmAllocation', operations.CONFIRM, {
      plan,
    });
    accepted(outcome, 'AllocationPlan', 'confirm the plan');
    const confirmed: Confirmed[] = [];
    let lost = 0;
    let after: string | null = null;
    do {
      const page: Page<Assigned> = await this.#assignments(plan, after);
      for (const { outcome: became, transfer, ...assigned } of page.nodes) {
        if (became === 'CONFIRMED' && transfer) {
          confirmed.push({ ...assigned, transfer: transfer.id });
        } else lost += 1;
      }
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    return { confirmed, lost };
  }

  async discard(plan: string): Promise<void> {
    const input = { plan, reason: 'The next plan takes its place.' };
    const variables = { input };
    const answer = await this.#ask<{ discardAllocation: Outcome | null }>(
      this.#speaker,
      operations.DISCARD,
      variables,
    );
    accepted(answer.discardAllocation, 'AllocationPlan', 'discard the plan');
  }

  async #open(incident: string, { area, name, position }: Scene): Promise<string> {
    const section = `${name} (${area})`.slice(0, 100);
    const input = { incident, name: section, kind: 'CASUALTY_COLLECTION', position };
    const { sections } = accepted(
      await this.#change<Outcome & { sections: { id: string; name: string }[] }>(
        'openSection',
        operations.OPEN_SECTION,
        input,
      ),
      'Incident',
      'open a section',
    );
    return sections.find((one) => one.name === section)!.id;
  }

  async #assignments(plan: string, after: string | null): Promise<Page<Assigned>> {
    for (let attempt = 0; attempt < CONFIRMING_TRIES; attempt += 1) {
      const { allocationPlan } = await this.#ask<AssignmentsAnswer>(
        this.#speaker,
        operations.CONFIRMED_PAGE,
        { plan, after },
      );
      if (!allocationPlan)
        throw new PlayerError('The hub shows the plan no more: look at its log.');
      if (allocationPlan.status === 'CONFIRMED') return allocationPlan.assignments;
      await delay(CONFIRMING_PAUSE_MS);
    }
    throw new PlayerError('The plan is still being confirmed: look whether capacity runs.');
  }

  async #unallocated(plan: string, after: string | null): Promise<Page<{ code: string }>> {
    const { allocationPlan } = await this.#ask<UnallocatedAnswer>(
      this.#speaker,
      operations.LEFT_PAGE,
      { plan, after },
    );
    if (!allocationPlan) throw new PlayerError('The hub shows the plan no more: look at its log.');
    return allocationPlan.unallocated;
  }

  /** A change with a key, so that it happens once however often it is sent. */
  async #change<Changed extends Outcome>(
    field: string,
    mutation: string,
    input: object,
  ): Promise<Changed | null> {
    const variables = { input: { ...input, idempotencyKey: randomUUID() } };
    const answer = await this.#ask<Record<string, Changed | null>>(
      this.#speaker,
      mutation,
      variables,
    );
    return answer[field] ?? null;
  }
}
