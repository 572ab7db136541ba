import {
  accepted,
  crisisStaffOf,
  type SendAs,
  staffOf,
  supplierOf,
  withKey,
} from '../client/requests.js';
import { PlayerError } from '../client/player-error.js';
import type { Scene } from '../client/scene.js';
import {
  BlackoutBookStockDocument,
  BlackoutCommitDocument,
  BlackoutDispatchDocument,
  BlackoutFuelDocument,
  BlackoutReceiveDocument,
  BlackoutRegisterDepotDocument,
} from './generated/operations.js';

/** Litres of a depot when the grid fails; more than all lorries can drive. */
const LITRES_IN_DEPOT = 500_000;

/** A tank lorry. Hours are played hours since the failure of the grid. */
export interface Lorry {
  id: string;
  depot: Depot;
  freeAt: number;
}

/** A fuel depot of one Kreis. */
export interface Depot {
  organisation: string;
  scene: Scene;
}

/** A delivery on its way. */
export interface Delivery {
  shipment: string;
  hospital: string;
  litres: number;
  arrivesAt: number;
}

/** The fuel depots with their lorries, as clients of the hub's public API. Throws PlayerError. */
export class Depots {
  readonly #send: SendAs;
  readonly #diesel: string;
  readonly all: readonly Depot[];

  private constructor(send: SendAs, diesel: string, all: readonly Depot[]) {
    this.#send = send;
    this.#diesel = diesel;
    this.all = all;
  }

  get diesel(): string {
    return this.#diesel;
  }

  /** Opens a depot in the middle of each Kreis, or finds the one of an earlier run, and fills it. */
  static async open(send: SendAs, kreise: readonly Scene[], area: string): Promise<Depots> {
    const { items } = await send(crisisStaffOf(area), BlackoutFuelDocument, {});
    const diesel = items?.nodes[0]?.id;
    if (diesel === undefined) throw new PlayerError('The hub knows no diesel: look at its log.');
    const depots: Depot[] = [];
    for (const scene of kreise) {
      const organisation = await register(send, scene);
      const booking = {
        ...({ organisation, item: diesel, kind: 'RECEIPT', unit: 'LITRE' } as const),
        quantity: LITRES_IN_DEPOT,
        reason: 'ÜBUNG: filled for the exercise',
      };
      const supplier = supplierOf(organisation, scene.area);
      const { bookStock } = await send(supplier, BlackoutBookStockDocument, withKey({ booking }));
      accepted(bookStock, 'StockBooking', 'book the fuel of a depot');
      depots.push({ organisation, scene });
    }
    return new Depots(send, diesel, depots);
  }

  /** Commits litres of a requested line and dispatches them; returns the id of the shipment. */
  async dispatch(
    { organisation, scene }: Depot,
    { line, litres, expectedAt }: { line: string; litres: number; expectedAt: Date },
  ): Promise<string> {
    const supplier = supplierOf(organisation, scene.area);
    const part = { quantity: litres, unit: 'LITRE', expectedAt: expectedAt.toISOString() } as const;
    const { commitSupply } = await this.#send(
      supplier,
      BlackoutCommitDocument,
      withKey({ line, organisation, ...part }),
    );
    const commitment = accepted(commitSupply, 'SupplyCommitment', 'commit fuel').id;
    const { dispatchShipment } = await this.#send(
      supplier,
      BlackoutDispatchDocument,
      withKey({ commitment, ...part }),
    );
    return accepted(dispatchShipment, 'SupplyShipment', 'dispatch fuel').id;
  }

  /** The hospital receives a delivery. */
  async receive({ shipment, hospital, litres: quantity }: Delivery): Promise<void> {
    const { receiveShipment } = await this.#send(
      staffOf(hospital),
      BlackoutReceiveDocument,
      withKey({ shipment, quantity, unit: 'LITRE' }),
    );
    accepted(receiveShipment, 'SupplyShipment', 'receive fuel');
  }
}

async function register(send: SendAs, { area, name, position }: Scene): Promise<string> {
  const { registerOrganisation: outcome } = await send(
    crisisStaffOf(area),
    BlackoutRegisterDepotDocument,
    withKey({ kind: 'FUEL_SUPPLIER', area, name: `ÜBUNG: fuel depot ${name}`, position }),
  );
  if (outcome?.__typename === 'OrganisationExists') return outcome.organisation.id;
  return accepted(outcome, 'Organisation', 'register a depot').id;
}
