import { setTimeout as delay } from 'node:timers/promises';
import type { Caller } from '../../client/caller.js';
import { PlayerError } from '../../client/player-error.js';
import { allNodes } from '../../../shared/graphql-client/index.js';
import {
  AllocationAssignmentsDocument,
  AllocationUnallocatedDocument,
  ConfirmAllocationDocument,
  DeclareIncidentDocument,
  DiscardAllocationDocument,
  OpenSectionDocument,
  ProposeAllocationDocument,
  RegisterCasualtiesDocument,
  type AllocationAssignmentsQuery,
  type AllocationParametersInput,
  type CasualtyInput,
  type ProposeAllocationMutation,
} from '../generated/operations.js';
import { accepted, controlRoomOf, withKey, type SendAs } from '../../client/requests.js';
import type { Scene } from '../../client/scene.js';
import type { SyntheticCasualty } from './casualties.js';

/** Casualties that one mutation may register. */
const REGISTRATION_SIZE = 5_000;
/** The hub itself finishes a confirmation that waits for capacity. */
const CONFIRMATION_CHECKS = 120;
const CONFIRMATION_CHECK_MS = 500;

type ProposedPlan = Extract<
  NonNullable<ProposeAllocationMutation['proposeAllocation']>,
  { __typename: 'AllocationPlan' }
>;
/** The summary of a plan, which the dispatcher reads before the confirmation. */
export type Proposal = { id: string; summary: NonNullable<ProposedPlan['summary']> };

type AllocationPlan = NonNullable<AllocationAssignmentsQuery['allocationPlan']>;
type Assignment = AllocationPlan['assignments']['nodes'][number];

/** An assignment that became a transfer. */
export type ConfirmedAssignment = Pick<
  Assignment,
  'category' | 'minutes' | 'means' | 'withPhysician'
> & {
  transfer: string;
  facility: { id: string; name: string };
};

/** A casualty at one of the sections of an incident, or at a position of its own. */
export type LocatedCasualty = Omit<SyntheticCasualty, 'scene'> &
  Pick<CasualtyInput, 'section' | 'position'>;

/** A control room that lets the hub allocate patients, as a client of the hub's public API. Throws PlayerError. */
export class Allocations {
  readonly #send: SendAs;
  readonly #caller: Caller;

  constructor(send: SendAs, area: string) {
    this.#send = send;
    this.#caller = controlRoomOf(area);
  }

  /** Declares an incident with several scenes; returns its id and the id of a section for each scene. */
  async declare(
    name: string,
    scenes: readonly Scene[],
    estimatedCasualties: number,
  ): Promise<{ incident: string; sections: string[] }> {
    const [{ area, position }] = scenes as [Scene];
    const { declareIncident } = await this.#send(
      this.#caller,
      DeclareIncidentDocument,
      withKey({ name, hazard: 'MASS_CASUALTY', position, area, estimatedCasualties }),
    );
    const incident = accepted(declareIncident, 'Incident', 'declare the incident').id;
    const sections: string[] = [];
    for (const scene of scenes) sections.push(await this.#openSection(incident, scene));
    return { incident, sections };
  }

  /** Returns how many were registered. */
  async register(incident: string, casualties: readonly LocatedCasualty[]): Promise<number> {
    let registered = 0;
    for (let from = 0; from < casualties.length; from += REGISTRATION_SIZE) {
      const { registerCasualties } = await this.#send(
        this.#caller,
        RegisterCasualtiesDocument,
        withKey({ incident, casualties: casualties.slice(from, from + REGISTRATION_SIZE) }),
      );
      const { outcomes } = accepted(
        registerCasualties,
        'RegisteredCasualties',
        'register the casualties',
      );
      for (const outcome of outcomes) accepted(outcome, 'Patient', 'register a casualty');
      registered += outcomes.length;
    }
    return registered;
  }

  /** Returns undefined when no patient is left to allocate. */
  async propose(
    incident: string,
    { wave, radiusKm }: { wave: number; radiusKm: number },
    parameters: AllocationParametersInput = {},
  ): Promise<Proposal | undefined> {
    const { proposeAllocation } = await this.#send(
      this.#caller,
      ProposeAllocationDocument,
      withKey({ incident, wave, radiusKm, parameters }),
    );
    if (proposeAllocation?.__typename === 'NobodyToAllocate') return undefined;
    const { id, summary } = accepted(proposeAllocation, 'AllocationPlan', 'propose a plan');
    return summary ? { id, summary } : planIsMissing();
  }

  /** Returns how many patients a plan leaves without a facility, by the code of the reason. */
  async unallocated(plan: string): Promise<Map<string, number>> {
    const nodes = await allNodes(async (after) => {
      const { allocationPlan } = await this.#send(this.#caller, AllocationUnallocatedDocument, {
        plan,
        after,
      });
      return allocationPlan?.unallocated ?? planIsMissing();
    });
    const codes = new Map<string, number>();
    for (const { code } of nodes) codes.set(code, (codes.get(code) ?? 0) + 1);
    return codes;
  }

  /** Confirms a plan and returns the assignments that became transfers, and how many did not. */
  async confirm(plan: string): Promise<{ confirmed: ConfirmedAssignment[]; lost: number }> {
    const { confirmAllocation } = await this.#send(
      this.#caller,
      ConfirmAllocationDocument,
      withKey({ plan }),
    );
    accepted(confirmAllocation, 'AllocationPlan', 'confirm the plan');
    const assignments = await allNodes((after) => this.#confirmedAssignments(plan, after));
    const confirmed = assignments.flatMap(({ outcome, transfer, facility, ...rest }) =>
      outcome === 'CONFIRMED' && transfer && facility
        ? [
            {
              ...rest,
              transfer: transfer.id,
              facility: { id: facility.id, name: facility.name ?? facility.id },
            },
          ]
        : [],
    );
    return { confirmed, lost: assignments.length - confirmed.length };
  }

  async discard(plan: string): Promise<void> {
    const { discardAllocation } = await this.#send(this.#caller, DiscardAllocationDocument, {
      input: { plan, reason: 'The next plan replaces it.' },
    });
    accepted(discardAllocation, 'AllocationPlan', 'discard the plan');
  }

  async #openSection(incident: string, { area, name, position }: Scene): Promise<string> {
    const section = `${name} (${area})`.slice(0, 100);
    const { openSection } = await this.#send(
      this.#caller,
      OpenSectionDocument,
      withKey({ incident, name: section, kind: 'CASUALTY_COLLECTION', position }),
    );
    const { sections } = accepted(openSection, 'Incident', 'open a section');
    return sections.find((one) => one.name === section)!.id;
  }

  /** Waits until the confirmation is finished and returns one page of the assignments. */
  async #confirmedAssignments(
    plan: string,
    after: string | null,
  ): Promise<AllocationPlan['assignments']> {
    for (let check = 0; check < CONFIRMATION_CHECKS; check += 1) {
      const { allocationPlan } = await this.#send(this.#caller, AllocationAssignmentsDocument, {
        plan,
        after,
      });
      if (!allocationPlan) return planIsMissing();
      if (allocationPlan.status === 'CONFIRMED') return allocationPlan.assignments;
      await delay(CONFIRMATION_CHECK_MS);
    }
    throw new PlayerError('The plan is still being confirmed: check that capacity is running.');
  }
}

function planIsMissing(): never {
  throw new PlayerError('The hub shows the plan no more: look at its log.');
}
