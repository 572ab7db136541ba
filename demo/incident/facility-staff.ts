import { HOUR_MS } from '../../shared/time/rules.js';
import {
  AcceptTransferDocument,
  DeclareIntakeDocument,
  HandOverDocument,
  RefuseTransferDocument,
  type TransferStatus,
} from './generated/operations.js';
import { accepted, staffOf, withKey, type SendAs } from '../client/requests.js';

/** Intake of a trauma centre at once by the Krankenhauskataster (doi 10.1007/s00113-018-0472-0): 10, divided as in doi 10.1007/s00101-019-00670-z. */
export const PLANNING_NUMBER = { SK_I: 1, SK_II: 2, SK_III: 7 } as const;
export type TreatedCategory = keyof typeof PLANNING_NUMBER;
export const TREATED_CATEGORIES = Object.keys(PLANNING_NUMBER) as TreatedCategory[];
const DECLARED_FOR_MS = 12 * HOUR_MS;

/** The staff of the facilities, as clients of the hub's public API. Throws PlayerError. */
export class FacilityStaff {
  readonly #send: SendAs;

  constructor(send: SendAs) {
    this.#send = send;
  }

  /** Declares the intake of a facility for as long as an exercise lasts. */
  async declareIntake(facility: string, now: Date): Promise<void> {
    const { declareIntake } = await this.#send(
      staffOf(facility),
      DeclareIntakeDocument,
      withKey({
        facility,
        source: 'Exercise',
        method: 'MODELLED',
        assumption:
          'Exercise: planning number of a trauma centre, 10 at once, whatever its capabilities.',
        until: new Date(now.getTime() + DECLARED_FOR_MS).toISOString(),
        numbers: TREATED_CATEGORIES.map((category) => ({
          category,
          immediate: PLANNING_NUMBER[category],
        })),
      }),
    );
    accepted(declareIntake, 'Facility', 'declare the intake of a facility');
  }

  /** Accepts the patient and returns true; refuses the patient and returns false when the facility has no intake slot left. */
  async accept(facility: string, transfer: string): Promise<boolean> {
    const { acceptTransfer } = await this.#send(staffOf(facility), AcceptTransferDocument, {
      input: { transfer },
    });
    if (acceptTransfer?.__typename === 'NoSlotLeft') {
      await this.#refuse(facility, transfer);
      return false;
    }
    if (isRepeated(acceptTransfer, 'ACCEPTED')) return true;
    accepted(acceptTransfer, 'Transfer', 'accept a patient');
    return true;
  }

  async handOver(facility: string, transfer: string): Promise<void> {
    const { handOver } = await this.#send(staffOf(facility), HandOverDocument, {
      input: { transfer },
    });
    if (isRepeated(handOver, 'HANDED_OVER')) return;
    accepted(handOver, 'Transfer', 'hand a patient over');
  }

  async #refuse(facility: string, transfer: string): Promise<void> {
    const { refuseTransfer } = await this.#send(staffOf(facility), RefuseTransferDocument, {
      input: { transfer, reason: 'No intake slot is left.' },
    });
    if (isRepeated(refuseTransfer, 'REFUSED')) return;
    accepted(refuseTransfer, 'Transfer', 'refuse a patient');
  }
}

/** Whether the transfer has the status already: an earlier request, whose response was lost, took effect. */
function isRepeated(
  outcome: { readonly __typename: string; readonly status?: TransferStatus } | null,
  status: TransferStatus,
): boolean {
  return outcome?.__typename === 'StepNotPossible' && outcome.status === status;
}
