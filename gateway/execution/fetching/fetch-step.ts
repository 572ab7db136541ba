import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { NotCovered } from '../coverage.js';
import type { Json, Run, Spot, Step } from '../run.js';
import { locatedErrors, type Targets } from './located-errors.js';
import { merge } from './merging.js';
import { representing } from './representations.js';
import { rewriting } from './rewrites.js';

/** Asks one subgraph, for a root field or for more of objects that are there, and merges what it answers. */
export function fetchStep(node: FetchNode, schema: GraphQLSchema): Step {
  if (node.contextRewrites?.length) throw new NotCovered('a field that takes from its context');
  const fetch = node.requires ? fetchingEntities(node, schema) : fetchingRoot(node, schema);
  return async (run, spot) => {
    if (spot.entities.length === 0) return;
    try {
      await fetch(run, spot);
    } catch (error) {
      // One subgraph that is away costs its own fields.
      run.errors.push(error as GraphQLError);
    }
  };
}

type Fetch = (run: Run, spot: Spot) => Promise<void>;

function fetchingRoot(node: FetchNode, schema: GraphQLSchema): Fetch {
  const ask = asking(node);
  const rewrite = rewriting(schema, node.outputRewrites);
  return async (run, spot) => {
    const data = await ask(run, spot, variablesText(node, run));
    rewrite?.(data);
    for (const entity of spot.entities) merge(entity, data);
  };
}

function fetchingEntities(node: FetchNode, schema: GraphQLSchema): Fetch {
  const ask = asking(node);
  const represent = representing(schema, node.requires ?? []);
  const rewriteInput = rewriting(schema, node.inputRewrites);
  const rewriteOutput = rewriting(schema, node.outputRewrites);
  const sent = (text: string): string => {
    if (!rewriteInput) return text;
    const representation: unknown = JSON.parse(text);
    rewriteInput(representation);
    return JSON.stringify(representation);
  };

  return async (run, spot) => {
    const { entities } = spot;
    const targets = new Map<string, number[]>();
    for (const [position, entity] of entities.entries()) {
      const text = represent(entity);
      if (text === undefined) continue;
      const known = targets.get(text);
      if (known) known.push(position);
      else targets.set(text, [position]);
    }
    if (targets.size === 0) return;
    const positions = [...targets.values()];
    const representations = [...targets.keys()].map(sent);
    const variables = variablesText(node, run, `"representations":[${representations.join(',')}]`);
    const data = await ask(run, spot, variables, positions);
    if (!data) return;

    const received = receivedEntities(data, positions.length);
    for (const [index, entity] of received.entries()) {
      if (!entity) continue;
      rewriteOutput?.(entity);
      for (const position of positions[index]!) merge(entities[position]!, entity);
    }
  };
}

/** What is the same each time is written down once. */
function asking(node: FetchNode) {
  const { serviceName, operation, operationName, operationKind } = node;
  const name =
    operationName === undefined ? '' : `"operationName":${JSON.stringify(operationName)},`;
  const head = `{"query":${JSON.stringify(operation)},${name}"variables":`;
  const isChange = operationKind === 'mutation';

  return async (run: Run, spot: Spot, variables: string, targets?: Targets) => {
    const known = run.known?.fetch === node ? run.known.answer : undefined;
    const source = run.sources[serviceName];
    if (!source) throw new Error(`Couldn't find service with name "${serviceName}"`);
    const question = { query: operation, body: `${head}${variables}}`, isChange };
    const { data, errors } = known ?? (await source.answer(question, run.context));
    if (errors) run.errors.push(...locatedErrors(errors, serviceName, run, spot, targets));
    return data;
  };
}

/** JSON of those variables of the client that the operation uses; subgraphs fill in defaults themselves. */
function variablesText({ variableUsages = [] }: FetchNode, run: Run, representations?: string) {
  let text = '';
  for (const name of variableUsages) {
    const value = Object.hasOwn(run.variables, name) ? run.variables[name] : undefined;
    if (value === undefined) continue;
    if (representations !== undefined && name === 'representations') {
      throw new Error('Variables cannot contain key "representations"');
    }
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  if (representations !== undefined) text += (text === '' ? '' : ',') + representations;
  return `{${text}}`;
}

function receivedEntities(data: Json, expected: number): (Json | null)[] {
  const entities = data['_entities'];
  if (!Array.isArray(entities)) {
    throw new Error('Expected "data._entities" in response to be an array');
  }
  if (entities.length !== expected) {
    throw new Error(`Expected "data._entities" to contain ${expected} elements`);
  }
  return entities as (Json | null)[];
}
