import { randomUUID } from 'node:crypto';
import type { Speaker } from '../client/development-token.js';
import * as operations from './operations.js';
import { accepted, staffOf, type Ask, type Outcome } from './speaking.js';

/** What a trauma centre takes at once by the Krankenhauskataster (doi 10.1007/s00113-018-0472-0): 10, divided as in doi 10.1007/s00101-019-00670-z. */
export const PLANNING_NUMBER = { SK_I: 1, SK_II: 2, SK_III: 7 } as const;
const DECLARED_FOR_MS = 12 * 3_600_000;

type Stepped = Outcome & { status?: string };

/** The staff of the houses, as they speak to the hub's public API. Throws PlayerError. */
export class Houses {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  /** Says how many casualties a house takes, for as long as an exercise lasts. */
  async declareIntake(facility: string, now: Date): Promise<void> {
    const input = {
      facility,
      source: 'Exercise',
      method: 'MODELLED',
      assumption:
        'Exercise: planning number of a trauma centre, 10 at once, whatever the house can do.',
      validUntil: new Date(now.getTime() + DECLARED_FOR_MS).toISOString(),
      numbers: Object.entries(PLANNING_NUMBER).map(([category, immediate]) => ({
        category,
        immediate,
      })),
      idempotencyKey: randomUUID(),
    };
    const outcome = await this.#change('declareIntake', operations.DECLARE_INTAKE, facility, input);
    accepted(outcome, 'Facility', 'declare what a house takes');
  }

  /** Says whether the house takes the patient; without a place it refuses him. */
  async accept(facility: string, transfer: string): Promise<boolean> {
    const accept = operations.ACCEPT;
    const outcome = await this.#change('acceptTransfer', accept, facility, { transfer });
    if (outcome?.__typename === 'NoPlaceLeft') {
      const input = { transfer, reason: 'No place is left.' };
      const refused = await this.#change('refuseTransfer', operations.REFUSE, facility, input);
      unlessDone(refused, 'REFUSED', 'refuse a patient');
      return false;
    }
    unlessDone(outcome, 'ACCEPTED', 'accept a patient');
    return true;
  }

  async handOver(facility: string, transfer: string): Promise<void> {
    const outcome = await this.#change('handOver', operations.HAND_OVER, facility, { transfer });
    unlessDone(outcome, 'HANDED_OVER', 'hand a patient over');
  }

  async #change(
    field: string,
    mutation: string,
    facility: string,
    input: object,
  ): Promise<Stepped | null> {
    const staff: Speaker = staffOf(facility);
    const answer = await this.#ask<Record<string, Stepped | null>>(staff, mutation, { input });
    return answer[field] ?? null;
  }
}

/** A step that stands already was done by a call whose answer got lost. */
function unlessDone(outcome: Stepped | null, status: string, what: string): void {
  if (outcome?.__typename === 'StepNotPossible' && outcome.status === status) return;
  accepted(outcome, 'Transfer', what);
}
