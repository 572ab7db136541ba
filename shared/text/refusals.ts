import {
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql';
import { inputPaths, type InputPath } from '../inputs/index.js';

/** The type of the schema that refuses a text. */
const REFUSAL = 'InvalidText';

/** A field that judges the entries of a list each by itself. */
export interface Bulk {
  /** The argument, and its field that holds the list. */
  argument: string;
  list: string;
  /** The texts of an entry. */
  entry: readonly InputPath[];
  /** The type with the `outcomes`. */
  result: string;
  /** Whether what stands outside the list can be refused. */
  canRefuse: boolean;
}

/** Returns whether the refusal is among the outcomes of a field. */
export function refusesText(type: GraphQLOutputType): boolean {
  const outcome = getNamedType(type);
  return isUnionType(outcome) && outcome.getTypes().some(({ name }) => name === REFUSAL);
}

/** Returns how a field takes a list of inputs and answers with one outcome each; undefined where it does not. */
export function bulkOf(
  field: GraphQLField<unknown, unknown>,
  isText: (name: string, scalar: string) => boolean,
): Bulk | undefined {
  const named = getNamedType(field.type);
  const results = isUnionType(named) ? named.getTypes() : isObjectType(named) ? [named] : [];
  const result = results.find(refusesEach);
  if (!result) return undefined;
  for (const { name: argument, type } of field.args) {
    const input = getNamedType(type);
    if (!isInputObjectType(input)) continue;
    for (const { name: list, type: listed } of Object.values(input.getFields())) {
      const entry = getNamedType(listed);
      if (!isListType(getNullableType(listed)) || !isInputObjectType(entry)) continue;
      const texts = inputPaths(Object.values(entry.getFields()), isText);
      const canRefuse = refusesText(field.type);
      return { argument, list, entry: texts, result: result.name, canRefuse };
    }
  }
  return undefined;
}

function refusesEach(type: GraphQLObjectType): boolean {
  const outcomes = type.getFields()['outcomes'];
  return outcomes !== undefined && refusesText(outcomes.type);
}
