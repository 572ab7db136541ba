import type { Need, TriageCategory } from '../../generated/graphql.js';
import { byUrgency } from '../../steering/rules/classes.js';
import type { Casualty, Position, Scene } from '../../steering/rules/input.js';

/** A patient without a house, as he is kept. What is not here cannot come into a plan. */
export interface WaitingRow {
  id: string;
  category: TriageCategory;
  transportPriority: boolean;
  needs: Need[];
  ventilated: boolean;
  physicianEscort: boolean;
  triagedAt: Date | null;
  transportable: boolean | null;
  latitude: number | null;
  longitude: number | null;
  /** His section, if it has a position. */
  section?: string | null;
  sectionLatitude?: number | null;
  sectionLongitude?: number | null;
}

/** Who needs a house, and where they are. */
export interface Demand {
  scenes: Scene[];
  casualties: Casualty[];
}

/** Degrees to which the position of a single patient is rounded: about a kilometre, less than the estimate of a way errs. */
const GRID = 0.01;

/**
 * Everybody at the place that is known best: his section, his own position, otherwise that of the incident. Patients who
 * stand near each other share a place, because the plan counts patients who are alike.
 */
export function demandAtScene(
  waiting: readonly WaitingRow[],
  incident: { id: string } & Position,
): Demand {
  const scenes = new Map<string, Scene>();
  const casualties = waiting.map((patient) => {
    const scene = sceneOf(patient) ?? at(incident.id, incident);
    scenes.set(scene.id, scene);
    return casualtyOf(patient, scene);
  });
  return { scenes: [...scenes.values()], casualties };
}

/**
 * Of the patients of a house those who are moved on, the most urgent first. SK I only if a physician has said that he may be
 * moved, others unless one has said that they may not (doi 10.1007/s00101-019-00670-z).
 */
export function demandOfHouse(
  waiting: readonly WaitingRow[],
  house: { id: string } & Position,
  count: number,
): Demand {
  const scene = at(house.id, house);
  const casualties = waiting
    .filter(mayBeMoved)
    .map((patient) => casualtyOf(patient, scene))
    .sort(byUrgency)
    .slice(0, count);
  return { scenes: [scene], casualties };
}

/** Whether there is anybody a plan could say more of than that he is dead. */
export function hasLiving({ casualties }: Demand): boolean {
  return casualties.some(({ category }) => category !== 'EX');
}

function mayBeMoved({ category, transportable }: WaitingRow): boolean {
  if (category === 'SK_I') return transportable === true;
  return (category === 'SK_II' || category === 'SK_III') && transportable !== false;
}

function sceneOf(patient: WaitingRow): Scene | undefined {
  const { section, sectionLatitude, sectionLongitude, latitude, longitude } = patient;
  if (section != null && sectionLatitude != null && sectionLongitude != null) {
    return at(section, { latitude: sectionLatitude, longitude: sectionLongitude });
  }
  if (latitude === null || longitude === null) return undefined;
  const position = { latitude: rounded(latitude), longitude: rounded(longitude) };
  return at(`${position.latitude} ${position.longitude}`, position);
}

function at(id: string, { latitude, longitude }: Position): Scene {
  return { id, position: { latitude, longitude } };
}

function rounded(degrees: number): number {
  return Math.round(degrees / GRID) / Math.round(1 / GRID);
}

function casualtyOf(patient: WaitingRow, scene: Scene): Casualty {
  const { id, category, transportPriority, needs, ventilated, physicianEscort, triagedAt } =
    patient;
  return {
    ...{ id, scene: scene.id, category, transportPriority, needs, ventilated, physicianEscort },
    triagedAt: triagedAt?.toISOString() ?? null,
  };
}
