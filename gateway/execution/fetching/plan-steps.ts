import type { VariableDefinitions } from '@apollo/federation-internals';
import {
  evaluateCondition,
  type ConditionNode,
  type FlattenNode,
  type PlanNode,
} from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { checkName, UnsupportedPlan } from './coverage.js';
import type { FetchStep } from './run.js';
import { fetchStep } from './fetch-step.js';
import { entitiesAt } from './entity-locations.js';

export interface PlanSchema {
  /** With all fields of the subgraphs, and not only those that clients see. */
  supergraphSchema: GraphQLSchema;
  variableDefinitions: VariableDefinitions;
}

/** Turns a plan into steps. Throws NotCovered. */
export function planStep(node: PlanNode, planSchema: PlanSchema): FetchStep {
  switch (node.kind) {
    case 'Fetch':
      return fetchStep(node, planSchema.supergraphSchema);
    case 'Flatten':
      return flatten(node, planStep(node.node, planSchema));
    case 'Sequence':
      return sequence(node.nodes.map((child) => planStep(child, planSchema)));
    case 'Parallel':
      return parallel(node.nodes.map((child) => planStep(child, planSchema)));
    case 'Condition':
      return condition(node, planSchema);
    case 'Defer':
      throw new UnsupportedPlan('a part of the response that is deferred');
  }
}

function flatten({ path }: FlattenNode, inner: FetchStep): FetchStep {
  for (const name of path) checkName(String(name));
  return (run, location) => {
    const entities = entitiesAt(location.entities, path);
    return entities.length === 0
      ? undefined
      : inner(run, { entities, path: [...location.path, ...path] });
  };
}

function sequence(steps: readonly FetchStep[]): FetchStep {
  return async (run, location) => {
    for (const step of steps) await step(run, location);
  };
}

function parallel(steps: readonly FetchStep[]): FetchStep {
  return async (run, location) => {
    // A step that throws synchronously must not leave the promises of the others unhandled.
    await Promise.all(steps.map(async (step) => step(run, location)));
  };
}

function condition(node: ConditionNode, planSchema: PlanSchema): FetchStep {
  const whenMet = node.ifClause && planStep(node.ifClause, planSchema);
  const otherwise = node.elseClause && planStep(node.elseClause, planSchema);
  return (run, location) => {
    const isMet = evaluateCondition(node, planSchema.variableDefinitions, { ...run.variables });
    return (isMet ? whenMet : otherwise)?.(run, location);
  };
}
