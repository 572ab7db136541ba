import { STEERED, type Casualty, type SteeredCategory } from './input.js';
import { requiredBy, type Mask } from './needs.js';
import type { Parameters } from './parameters.js';

/** Patients of one scene who are alike in all that decides about facilities; the solver only counts them. */
export interface PatientClass {
  /** `Scene.id`. */
  scene: string;
  category: SteeredCategory;
  needs: Mask;
  transportPriority: boolean;
  /** Weight of a minute of one of these patients. */
  weight: number;
  /** In their order of urgency. */
  patients: Casualty[];
}

/**
 * Whether the plan looks for a facility for the patient: not for the dead, for SK IV, for the uninjured and the
 * untriaged, nor for patients with a transfer in which the next facility has to be named.
 */
export function isSteered({ category, facilityRefused }: Casualty): boolean {
  return !facilityRefused && STEERED.some((steered) => steered === category);
}

/**
 * The order of urgency: Sichtungskategorie, transport priority, then time since triage; nothing else counts. The id
 * only makes the order the same every time.
 */
export function byUrgency(a: Casualty, b: Casualty): number {
  return (
    rankOf(a) - rankOf(b) ||
    Number(b.transportPriority) - Number(a.transportPriority) ||
    compare(a.triagedAt ?? '~', b.triagedAt ?? '~') ||
    compare(a.id, b.id)
  );
}

/** The classes of those who are steered, from patients in their order. */
export function classesOf(inOrder: readonly Casualty[], parameters: Parameters): PatientClass[] {
  const classes = new Map<string, PatientClass>();
  for (const patient of inOrder) {
    if (!isSteered(patient)) continue;
    const { scene, transportPriority } = patient;
    const category = patient.category as SteeredCategory;
    const needs = requiredBy(patient);
    const key = `${category} ${transportPriority} ${needs} ${scene}`;
    const known = classes.get(key);
    if (known) known.patients.push(patient);
    else {
      const weight = weightOf(category, transportPriority, parameters);
      const patients = [patient];
      classes.set(key, { scene, category, needs, transportPriority, weight, patients });
    }
  }
  return [...classes.values()];
}

/** Weight of a minute of a patient. */
export function weightOf(
  category: SteeredCategory,
  isUrgent: boolean,
  parameters: Parameters,
): number {
  const { weightSkI, weightSkII, weightSkIII, priorityFactor } = parameters;
  const weight = { SK_I: weightSkI, SK_II: weightSkII, SK_III: weightSkIII }[category];
  return isUrgent ? weight * priorityFactor : weight;
}

function rankOf({ category }: Casualty): number {
  const rank = STEERED.findIndex((steered) => steered === category);
  return rank < 0 ? STEERED.length : rank;
}

/** By code points, as every machine compares them. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
