import { PlayerError } from '../client/player-error.js';
import { PLANNING_NUMBER, type Houses } from './houses.js';
import { AROUND, NEAREST } from './operations.js';
import type { RosterPatient } from './roster.js';
import type { Scene } from './scene.js';
import { controlRoomOf, type Ask } from './speaking.js';

/** How far a house may be from the scene. */
const REACH_KM = 50;
/** Kinds of houses that treat the injured without having said so. */
const ACUTE_CARE: readonly string[] = ['HOSPITAL', 'BUNDESWEHR_HOSPITAL'];
type Treated = keyof typeof PLANNING_NUMBER;
const TREATED = Object.keys(PLANNING_NUMBER) as Treated[];

/** A house that can take a patient. */
export interface Destination {
  id: string;
  name: string;
  km: number;
  /** Why it is not the right one, when it is only the nearest. */
  reason?: string;
}

interface Nearest {
  places: { nodes: { facility: { id: string; name: string }; kilometres: number }[] } | null;
}

interface Around {
  places: {
    nodes: { intake: { category: Treated; usable: number }[] }[];
    leftOut: { nodes: { facility: { id: string; kind: string }; reasons: { code: string }[] }[] };
  } | null;
}

/** Whether a patient is taken to a house: the dead stay, and SK IV is triaged again before anyone moves them. */
export function isTreated({ category }: RosterPatient): boolean {
  return TREATED.some((one) => one === category);
}

/** Finds houses for patients of a scene, nearest first. Throws PlayerError. */
export class Destinations {
  readonly #ask: Ask;
  readonly #scene: Scene;

  constructor(ask: Ask, scene: Scene) {
    this.#ask = ask;
    this.#scene = scene;
  }

  /**
   * The nearest house with a place that meets the patient's needs; without one the nearest with a place, which says so.
   * Undefined when none is left.
   */
  async nearest(
    { category, needs }: RosterPatient,
    except: ReadonlySet<string>,
  ): Promise<Destination | undefined> {
    const fitting = await this.#find({ intake: [category], needs }, except);
    if (fitting || needs.length === 0) return fitting;
    const nearest = await this.#find({ intake: [category] }, except);
    const reason = `No house within ${REACH_KM} km is known to meet ${needs.join(', ')}.`;
    return nearest && { ...nearest, reason };
  }

  /**
   * Lets the nearest houses that said nothing declare a planning number, until there is a place for everyone. Returns how
   * many did.
   */
  async prepare(roster: readonly RosterPatient[], houses: Houses, now: () => Date) {
    const { nodes, leftOut } = await this.#around();
    const lacking = Object.fromEntries(
      TREATED.map((category) => {
        const needed = roster.filter((patient) => patient.category === category).length;
        const offers = nodes.flatMap(({ intake }) => intake);
        const mine = offers.filter((offer) => offer.category === category);
        return [category, needed - mine.reduce((sum, { usable }) => sum + usable, 0)];
      }),
    ) as Record<Treated, number>;
    const silent = leftOut.nodes
      .filter(({ facility }) => ACUTE_CARE.includes(facility.kind))
      .filter(({ reasons }) => reasons.every(({ code }) => code === 'NOT_REPORTED'));
    let declared = 0;
    for (const { facility } of silent) {
      if (TREATED.every((category) => lacking[category] <= 0)) break;
      await houses.declareIntake(facility.id, now());
      declared += 1;
      for (const category of TREATED) lacking[category] -= PLANNING_NUMBER[category];
    }
    return declared;
  }

  async #find(
    wish: { intake: string[]; needs?: string[] },
    except: ReadonlySet<string>,
  ): Promise<Destination | undefined> {
    const filter = { ...this.#near(), ...wish };
    const { places } = await this.#ask<Nearest>(this.#speaker(), NEAREST, { filter });
    if (!places) throw new PlayerError('The hub names no places: look at its log.');
    const found = places.nodes.find(({ facility }) => !except.has(facility.id));
    return found && { ...found.facility, km: found.kilometres };
  }

  async #around() {
    const filter = { ...this.#near(), intake: TREATED };
    const { places } = await this.#ask<Around>(this.#speaker(), AROUND, { filter });
    if (!places) throw new PlayerError('The hub names no places: look at its log.');
    return places;
  }

  #near() {
    const { position } = this.#scene;
    return { near: { ...position, km: REACH_KM }, hazard: 'MASS_CASUALTY' };
  }

  #speaker() {
    return controlRoomOf(this.#scene.area);
  }
}
