import type { Named } from '../../capacity-client/rules.js';
import {
  type ChosenParameters,
  chosenFrom,
  isChoiceFault,
  MOST_KM,
  MOST_WAVES,
  USUAL,
} from '../../steering/rules.js';
import type {
  DistributeFromInput,
  NobodyToAllocate,
  ParameterOutOfRange,
  ProposeAllocationInput,
} from '../../generated/graphql.js';

/** The most houses a dispatcher leaves out. */
export const MOST_WITHOUT = 500;
/** The most patients that are moved on from a house by one plan. */
const MOST_MOVED = 5_000;
const LONGEST_REASON = 500;

/** What a plan is to be made by, or the first wish that cannot be. */
export function judgeProposal(
  input: Pick<ProposeAllocationInput, 'radiusKm' | 'wave' | 'without' | 'parameters'>,
): ChosenParameters | Named<ParameterOutOfRange> {
  const { radiusKm, wave, without, parameters } = input;
  const refused = radiusRefused(radiusKm) ?? waveRefused(wave) ?? withoutRefused(without ?? []);
  if (refused) return refused;
  const chosen = chosenFrom({ ...parameters });
  return isChoiceFault(chosen) ? outOfRange(chosen.parameter, chosen.message) : chosen;
}

/** The same for a distribution from a house. Its patients lie in beds: nobody of them walks anywhere. */
export function judgeDistribution({
  radiusKm,
  wave,
  count,
}: Pick<DistributeFromInput, 'radiusKm' | 'wave' | 'count'>):
  ChosenParameters | Named<ParameterOutOfRange> {
  const isCount = count >= 1 && count <= MOST_MOVED;
  return (
    radiusRefused(radiusKm) ??
    waveRefused(wave) ??
    (isCount
      ? { ...USUAL, walkInSkI: 0, walkInSkII: 0, walkInSkIII: 0 }
      : outOfRange('count', `count is a number of patients, 1 to ${MOST_MOVED}; ${count} came.`))
  );
}

export function isChosen(
  verdict: ChosenParameters | Named<ParameterOutOfRange>,
): verdict is ChosenParameters {
  return !('__typename' in verdict);
}

/** What is wrong with the reason of a discarding, as a sentence for the caller; undefined when nothing is. */
export function discardingFault(reason: string | null | undefined): string | undefined {
  if (reason == null || reason.length <= LONGEST_REASON) return undefined;
  return `reason has up to ${LONGEST_REASON} characters; ${reason.length} came.`;
}

export function nobodyAtScene(patients: number): Named<NobodyToAllocate> {
  const what =
    patients === 0
      ? 'The incident has no patients yet. Register casualties first.'
      : `Of the ${patients} patients of the incident nobody is left to find a house for: all are in one, on a way that has not ended, or dead.`;
  return { __typename: 'NobodyToAllocate', message: what, patients };
}

export function nobodyInFacility(patients: number): Named<NobodyToAllocate> {
  return {
    __typename: 'NobodyToAllocate',
    message: `Of the ${patients} patients of the house nobody can be moved on: SK I needs a physician's word that he is transportable, SK II and III must not have one against it, and none may be on a way already. Triage them with \`transportable\`.`,
    patients,
  };
}

function radiusRefused(radiusKm: number | undefined): Named<ParameterOutOfRange> | undefined {
  if (radiusKm !== undefined && radiusKm > 0 && radiusKm <= MOST_KM) return undefined;
  return outOfRange(
    'radiusKm',
    `radiusKm is a distance above 0 and up to ${MOST_KM} km; ${radiusKm} came.`,
  );
}

function waveRefused(wave: number | undefined): Named<ParameterOutOfRange> | undefined {
  if (wave !== undefined && wave >= 1 && wave <= MOST_WAVES) return undefined;
  return outOfRange('wave', `wave is a whole number from 1 to ${MOST_WAVES}; ${wave} came.`);
}

function withoutRefused({ length }: readonly string[]): Named<ParameterOutOfRange> | undefined {
  if (length <= MOST_WITHOUT) return undefined;
  return outOfRange(
    'without',
    `without names up to ${MOST_WITHOUT} houses; ${length} came. Give \`area\` or \`radiusKm\` instead.`,
  );
}

function outOfRange(parameter: string, message: string): Named<ParameterOutOfRange> {
  return { __typename: 'ParameterOutOfRange', message, parameter };
}
