import { PlayerError } from '../client/player-error.js';
import {
  PLANNING_NUMBER,
  TREATED_CATEGORIES,
  type FacilityStaff,
  type TreatedCategory,
} from './facility-staff.js';
import {
  NearestDestinationsDocument,
  SurroundingsDocument,
  type FacilityKind,
  type Need,
  type PlaceFilter,
} from './generated/operations.js';
import { controlRoomOf, type SendAs } from '../client/requests.js';
import type { RosterCategory, RosterPatient } from './roster.js';
import type { Scene } from '../client/scene.js';

/** How far a facility may be from the scene. */
const REACH_KM = 50;
/** Kinds of facilities that treat the injured without having declared it. */
const ACUTE_CARE: readonly FacilityKind[] = ['HOSPITAL', 'BUNDESWEHR_HOSPITAL'];

/** A facility that can accept a patient. */
export interface Destination {
  id: string;
  name: string;
  km: number;
  /** Why it does not meet the needs, when it is only the nearest. */
  reason?: string;
}

/** Whether a patient is transported: the dead stay, and SK IV is triaged again before anyone moves them. */
export function isTreated({ category }: RosterPatient): boolean {
  return TREATED_CATEGORIES.some((one) => one === category);
}

/** Finds facilities for patients of a scene, nearest first. Throws PlayerError. */
export class Destinations {
  readonly #send: SendAs;
  readonly #scene: Scene;

  constructor(send: SendAs, scene: Scene) {
    this.#send = send;
    this.#scene = scene;
  }

  /**
   * Returns the nearest facility with a free intake slot that meets the patient's needs; without one the nearest with a free
   * slot, with the reason. Undefined when none is left.
   */
  async nearest(
    { category, needs }: RosterPatient,
    except: ReadonlySet<string>,
  ): Promise<Destination | undefined> {
    const suitable = await this.#find({ intake: [category], needs }, except);
    if (suitable || needs.length === 0) return suitable;
    const nearest = await this.#find({ intake: [category] }, except);
    const reason = `No facility within ${REACH_KM} km is known to meet ${needs.join(', ')}.`;
    return nearest && { ...nearest, reason };
  }

  /**
   * Lets the nearest facilities that declared nothing declare a planning number, until everyone has an intake slot. Returns
   * how many did.
   */
  async prepare(
    roster: readonly RosterPatient[],
    staff: FacilityStaff,
    now: () => Date,
  ): Promise<number> {
    const { nodes, leftOut } = await this.#surroundings();
    const lacking = Object.fromEntries(
      TREATED_CATEGORIES.map((category) => {
        const needed = roster.filter((patient) => patient.category === category).length;
        const usable = nodes
          .flatMap(({ intake }) => intake)
          .filter((slots) => slots.category === category)
          .reduce((sum, slots) => sum + (slots.usable ?? 0), 0);
        return [category, needed - usable];
      }),
    ) as Record<TreatedCategory, number>;
    const undeclared = leftOut.nodes
      .filter(({ facility: { kind } }) => kind !== null && ACUTE_CARE.includes(kind))
      .filter(({ reasons }) => reasons.every(({ code }) => code === 'NOT_REPORTED'));
    let declared = 0;
    for (const { facility } of undeclared) {
      if (TREATED_CATEGORIES.every((category) => lacking[category] <= 0)) break;
      await staff.declareIntake(facility.id, now());
      declared += 1;
      for (const category of TREATED_CATEGORIES) lacking[category] -= PLANNING_NUMBER[category];
    }
    return declared;
  }

  async #find(
    wanted: { intake: readonly RosterCategory[]; needs?: readonly Need[] },
    except: ReadonlySet<string>,
  ): Promise<Destination | undefined> {
    const { places: list } = await this.#send(this.#caller(), NearestDestinationsDocument, {
      filter: { ...this.#near(), ...wanted },
    });
    if (!list) throw new PlayerError('The hub names no facilities: look at its log.');
    const found = list.nodes.find(({ facility }) => !except.has(facility.id));
    if (!found) return undefined;
    const { id, name } = found.facility;
    return { id, name: name ?? id, km: found.kilometres ?? 0 };
  }

  async #surroundings() {
    const { places: list } = await this.#send(this.#caller(), SurroundingsDocument, {
      filter: { ...this.#near(), intake: TREATED_CATEGORIES },
    });
    if (!list) throw new PlayerError('The hub names no facilities: look at its log.');
    return list;
  }

  #near(): Pick<PlaceFilter, 'near' | 'hazard'> {
    const { position } = this.#scene;
    return { near: { ...position, km: REACH_KM }, hazard: 'MASS_CASUALTY' };
  }

  #caller() {
    return controlRoomOf(this.#scene.area);
  }
}
