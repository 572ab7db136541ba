import { randomUUID } from 'node:crypto';
import type { Speaker } from '../client/development-token.js';
import * as operations from './operations.js';
import type { Category, RosterPatient } from './roster.js';
import type { Scene } from './scene.js';
import { accepted, controlRoomOf, type Ask, type Outcome } from './speaking.js';

/** A patient as the hub knows him. */
export interface Registered {
  id: string;
  patient: RosterPatient;
}

/** A vehicle, and who is on board. */
export interface Vehicle<Means extends string = 'RTW' | 'KTW'> {
  callSign: string;
  means: Means;
  physician: boolean;
}

type Named<Name extends string, Field> = Record<Name, Field>;
type Identified = Outcome & { id: string };

/** The control room of the scene, as it speaks to the hub's public API. Throws PlayerError. */
export class ControlRoom {
  readonly #ask: Ask;
  readonly #scene: Scene;
  readonly #speaker: Speaker;

  constructor(ask: Ask, scene: Scene) {
    this.#ask = ask;
    this.#scene = scene;
    this.#speaker = controlRoomOf(scene.area);
  }

  /** Returns the incident's id. */
  async declare(name: string, estimatedCasualties: number): Promise<string> {
    const { area, position } = this.#scene;
    const input = { name, hazard: 'MASS_CASUALTY', position, area, estimatedCasualties };
    const outcome = await this.#change<'declareIncident', Identified>(operations.DECLARE, input);
    return accepted(outcome.declareIncident, 'Incident', 'declare the incident').id;
  }

  async register(incident: string, roster: readonly RosterPatient[]): Promise<Registered[]> {
    const { position } = this.#scene;
    const casualties = roster.map(({ tag, needs, physicianEscort }) => ({
      tag,
      needs,
      physicianEscort,
      position,
    }));
    const { registerCasualties } = await this.#change<
      'registerCasualties',
      Outcome & { outcomes: (Identified | null)[] }
    >(operations.REGISTER, { incident, casualties });
    const { outcomes } = accepted(
      registerCasualties,
      'RegisteredCasualties',
      'register the casualties',
    );
    return roster.map((patient, index) => ({
      id: accepted(outcomes[index] ?? null, 'Patient', `register ${patient.tag}`).id,
      patient,
    }));
  }

  /** Triages by mSTaRT and returns the category it finds. */
  pretriage({ id, patient: { tag, findings } }: Registered): Promise<string> {
    return this.#triage(tag, { patient: id, findings });
  }

  /** Enters the category a physician decides. */
  triage({ id, patient }: Registered): Promise<string> {
    const { tag, category, transportPriority } = patient;
    return this.#triage(tag, { patient: id, physician: true, category, transportPriority });
  }

  /** Asks a house to take the patient; returns the transfer's id. */
  async request({ id, patient }: Registered, to: string, reason?: string): Promise<string> {
    const input = { patient: id, kind: 'PRIMARY', to, ...(reason ? { reason } : {}) };
    const { requestTransfer } = await this.#change<'requestTransfer', Identified>(
      operations.REQUEST,
      input,
    );
    return accepted(requestTransfer, 'Transfer', `send ${patient.tag}`).id;
  }

  /** Asks the next house. */
  async requestNext(transfer: string, to: string): Promise<void> {
    const variables = { input: { transfer, to } };
    const { requestDestination: outcome } = await this.#ask<
      Named<'requestDestination', Outcome | null>
    >(this.#speaker, operations.REQUEST_NEXT, variables);
    // Asked already: the answer to the first call got lost.
    if (outcome?.__typename !== 'AlreadyThere') accepted(outcome, 'Transfer', 'ask the next house');
  }

  /** Sends a vehicle for patients of houses that have accepted. */
  async assign(
    transfers: readonly string[],
    vehicle: Vehicle<string>,
    estimatedArrival: Date,
  ): Promise<void> {
    const { callSign, ...crew } = vehicle;
    const { assignTransport } = await this.#change<'assignTransport', Outcome>(operations.ASSIGN, {
      transfers,
      vehicle: callSign,
      area: this.#scene.area,
      estimatedArrival: estimatedArrival.toISOString(),
      ...crew,
    });
    accepted(assignTransport, 'Vehicle', `send ${callSign}`);
  }

  /** Passes on a radio status. */
  async report({ callSign: vehicle }: Vehicle<string>, status: number, at: Date): Promise<void> {
    const variables = { input: { vehicle, status, at: at.toISOString() } };
    const { reportVehicleStatus } = await this.#ask<Named<'reportVehicleStatus', Outcome | null>>(
      this.#speaker,
      operations.REPORT,
      variables,
    );
    accepted(reportVehicleStatus, 'Vehicle', `take status ${status} of ${vehicle}`);
  }

  /** Ends a transfer whose house did not take the patient, so that he is steered anew. */
  async cancel(transfer: string, reason: string): Promise<void> {
    const { cancelTransfer } = await this.#ask<Named<'cancelTransfer', Outcome | null>>(
      this.#speaker,
      operations.CANCEL,
      { input: { transfer, reason } },
    );
    // Cancelled already: the answer to the first call got lost.
    if (cancelTransfer?.__typename !== 'StepNotPossible')
      accepted(cancelTransfer, 'Transfer', 'cancel a transfer');
  }

  async close(incident: string, reason: string): Promise<void> {
    const { closeIncident: outcome } = await this.#ask<Named<'closeIncident', Outcome | null>>(
      this.#speaker,
      operations.CLOSE,
      { input: { incident, reason } },
    );
    if (outcome?.__typename !== 'IncidentClosed')
      accepted(outcome, 'Incident', 'close the incident');
  }

  async #triage(tag: string, input: object): Promise<Category> {
    const { triagePatient } = await this.#change<'triagePatient', Outcome & { category: Category }>(
      operations.TRIAGE,
      input,
    );
    return accepted(triagePatient, 'Patient', `triage ${tag}`).category;
  }

  /** A change with a key, so that it happens once however often it is sent. */
  #change<Name extends string, Field extends Outcome>(
    mutation: string,
    input: object,
  ): Promise<Named<Name, Field | null>> {
    const variables = { input: { ...input, idempotencyKey: randomUUID() } };
    return this.#ask(this.#speaker, mutation, variables);
  }
}
