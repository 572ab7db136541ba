import type { VariableDefinitions } from '@apollo/federation-internals';
import {
  evaluateCondition,
  type ConditionNode,
  type FlattenNode,
  type PlanNode,
} from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { checkName, NotCovered } from './coverage.js';
import type { Step } from './run.js';
import { fetchStep } from './fetch-step.js';
import { entitiesAt } from './entity-locations.js';

export interface PlanSurroundings {
  /** With everything the subgraphs know, and not only what clients see. */
  supergraphSchema: GraphQLSchema;
  variableDefinitions: VariableDefinitions;
}

/** Turns a plan into steps. Throws NotCovered. */
export function planStep(node: PlanNode, surroundings: PlanSurroundings): Step {
  switch (node.kind) {
    case 'Fetch':
      return fetchStep(node, surroundings.supergraphSchema);
    case 'Flatten':
      return flatten(node, planStep(node.node, surroundings));
    case 'Sequence':
      return sequence(node.nodes.map((child) => planStep(child, surroundings)));
    case 'Parallel':
      return parallel(node.nodes.map((child) => planStep(child, surroundings)));
    case 'Condition':
      return condition(node, surroundings);
    case 'Defer':
      throw new NotCovered('a part of the answer that comes later');
  }
}

function flatten({ path }: FlattenNode, inner: Step): Step {
  for (const name of path) checkName(String(name));
  return (run, spot) => {
    const entities = entitiesAt(spot.entities, path);
    return entities.length === 0
      ? undefined
      : inner(run, { entities, path: [...spot.path, ...path] });
  };
}

function sequence(steps: readonly Step[]): Step {
  return async (run, spot) => {
    for (const step of steps) await step(run, spot);
  };
}

function parallel(steps: readonly Step[]): Step {
  return async (run, spot) => {
    // One that fails at once must not leave the promises of the others to nobody.
    await Promise.all(steps.map(async (step) => step(run, spot)));
  };
}

function condition(node: ConditionNode, surroundings: PlanSurroundings): Step {
  const whenMet = node.ifClause && planStep(node.ifClause, surroundings);
  const otherwise = node.elseClause && planStep(node.elseClause, surroundings);
  return (run, spot) => {
    const isMet = evaluateCondition(node, surroundings.variableDefinitions, { ...run.variables });
    return (isMet ? whenMet : otherwise)?.(run, spot);
  };
}
