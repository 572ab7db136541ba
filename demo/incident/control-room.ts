import type { Caller } from '../client/caller.js';
import {
  AssignTransportDocument,
  CancelTransferDocument,
  CloseIncidentDocument,
  DeclareIncidentDocument,
  RegisterCasualtiesDocument,
  ReportVehicleStatusDocument,
  RequestDestinationDocument,
  RequestTransferDocument,
  TriagePatientDocument,
  type TransportMeans,
  type TriageCategory,
  type TriagePatientInput,
} from './generated/operations.js';
import { accepted, controlRoomOf, withKey, type SendAs } from '../client/requests.js';
import type { RosterPatient } from './roster.js';
import type { Scene } from '../client/scene.js';

/** A patient with the id that the hub gave them. */
export interface RegisteredPatient {
  id: string;
  patient: RosterPatient;
}

/** A vehicle and its crew. */
export interface Vehicle<Means extends TransportMeans = 'RTW' | 'KTW'> {
  callSign: string;
  means: Means;
  physician: boolean;
}

/** The control room of the scene, as a client of the hub's public API. Throws PlayerError. */
export class ControlRoom {
  readonly #send: SendAs;
  readonly #scene: Scene;
  readonly #caller: Caller;

  constructor(send: SendAs, scene: Scene) {
    this.#send = send;
    this.#scene = scene;
    this.#caller = controlRoomOf(scene.area);
  }

  /** Returns the incident's id. */
  async declare(name: string, estimatedCasualties: number): Promise<string> {
    const { area, position } = this.#scene;
    const { declareIncident } = await this.#send(
      this.#caller,
      DeclareIncidentDocument,
      withKey({ name, hazard: 'MASS_CASUALTY', position, area, estimatedCasualties }),
    );
    return accepted(declareIncident, 'Incident', 'declare the incident').id;
  }

  async register(incident: string, roster: readonly RosterPatient[]): Promise<RegisteredPatient[]> {
    const { position } = this.#scene;
    const casualties = roster.map(({ tag, needs, physicianEscort }) => ({
      tag,
      needs,
      physicianEscort,
      position,
    }));
    const { registerCasualties } = await this.#send(
      this.#caller,
      RegisterCasualtiesDocument,
      withKey({ incident, casualties }),
    );
    const { outcomes } = accepted(
      registerCasualties,
      'RegisteredCasualties',
      'register the casualties',
    );
    return roster.map((patient, index) => ({
      id: accepted(outcomes[index], 'Patient', `register ${patient.tag}`).id,
      patient,
    }));
  }

  /** Triages by mSTaRT and returns the category that the hub finds. */
  pretriage({ id, patient: { tag, findings } }: RegisteredPatient): Promise<TriageCategory | null> {
    return this.#triage(tag, { patient: id, findings });
  }

  /** Records the category that a physician decides. */
  triage({ id, patient }: RegisteredPatient): Promise<TriageCategory | null> {
    const { tag, category, transportPriority } = patient;
    return this.#triage(tag, { patient: id, physician: true, category, transportPriority });
  }

  /** Requests that a facility accepts the patient; returns the transfer's id. */
  async request({ id, patient }: RegisteredPatient, to: string, reason?: string): Promise<string> {
    const { requestTransfer } = await this.#send(
      this.#caller,
      RequestTransferDocument,
      withKey({ patient: id, kind: 'PRIMARY', to, ...(reason ? { reason } : {}) }),
    );
    return accepted(requestTransfer, 'Transfer', `send ${patient.tag}`).id;
  }

  /** Requests the next facility for a transfer. */
  async requestNext(transfer: string, to: string): Promise<void> {
    const { requestDestination } = await this.#send(this.#caller, RequestDestinationDocument, {
      input: { transfer, to },
    });
    // Requested already, by an earlier request whose response was lost.
    if (requestDestination?.__typename === 'AlreadyThere') return;
    accepted(requestDestination, 'Transfer', 'request the next facility');
  }

  /** Sends a vehicle for patients whose facilities have accepted. */
  async assign(
    transfers: readonly string[],
    { callSign, means, physician }: Vehicle<TransportMeans>,
    estimatedArrival: Date,
  ): Promise<void> {
    const { assignTransport } = await this.#send(
      this.#caller,
      AssignTransportDocument,
      withKey({
        transfers,
        vehicle: callSign,
        means,
        physician,
        area: this.#scene.area,
        estimatedArrival: estimatedArrival.toISOString(),
      }),
    );
    accepted(assignTransport, 'Vehicle', `send ${callSign}`);
  }

  /** Reports a radio status of a vehicle. */
  async report(
    { callSign: vehicle }: Vehicle<TransportMeans>,
    status: number,
    at: Date,
  ): Promise<void> {
    const { reportVehicleStatus } = await this.#send(this.#caller, ReportVehicleStatusDocument, {
      input: { vehicle, status, at: at.toISOString() },
    });
    accepted(reportVehicleStatus, 'Vehicle', `record status ${status} of ${vehicle}`);
  }

  /** Ends a transfer whose facility refused the patient, so that the next plan includes the patient again. */
  async cancel(transfer: string, reason: string): Promise<void> {
    const { cancelTransfer } = await this.#send(this.#caller, CancelTransferDocument, {
      input: { transfer, reason },
    });
    // Cancelled already, by an earlier request whose response was lost.
    if (cancelTransfer?.__typename === 'StepNotPossible') return;
    accepted(cancelTransfer, 'Transfer', 'cancel a transfer');
  }

  async close(incident: string, reason: string): Promise<void> {
    const { closeIncident } = await this.#send(this.#caller, CloseIncidentDocument, {
      input: { incident, reason },
    });
    // Closed already, by an earlier request whose response was lost.
    if (closeIncident?.__typename === 'IncidentEnded') return;
    accepted(closeIncident, 'Incident', 'close the incident');
  }

  async #triage(
    tag: string,
    input: Omit<TriagePatientInput, 'idempotencyKey'>,
  ): Promise<TriageCategory | null> {
    const { triagePatient } = await this.#send(this.#caller, TriagePatientDocument, withKey(input));
    return accepted(triagePatient, 'Patient', `triage ${tag}`).category;
  }
}
