import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { SubgraphAnswer } from '../../core/subgraph-request.js';
import { NotCovered } from './coverage.js';
import type { Json, Run, Spot, Step } from './run.js';
import { locatedErrors, type Targets } from './located-errors.js';
import { merge } from './merging.js';
import { representing } from './representations.js';
import { rewriting } from './rewrites.js';

/** Asks one subgraph, for a root field or for more of objects that are there, and merges what it answers. */
export function fetchStep(node: FetchNode, schema: GraphQLSchema): Step {
  if (node.contextRewrites?.length) throw new NotCovered('a field that takes from its context');
  const wish = node.requires ? entityWish(node, schema) : rootWish(node, schema);
  const ask = asking(node);
  return async (run, spot) => {
    if (spot.entities.length === 0) return;
    try {
      const wished = wish(run, spot);
      if (!wished) return;
      const { data, errors } = await ask(run, wished.variables);
      if (errors) {
        run.errors.push(...locatedErrors(errors, node.serviceName, run, spot, wished.targets));
      }
      if (data) wished.take(data);
    } catch (error) {
      // One subgraph that is away costs its own fields.
      run.errors.push(error as GraphQLError);
    }
  };
}

/** What is to be asked at a spot, and what becomes of the answer. */
interface Wished {
  /** JSON. */
  variables: string;
  /** For each representation that is sent; none for a root field. */
  targets?: Targets;
  take(data: Json): void;
}

/** Undefined where there is nothing to ask. */
type Wish = (run: Run, spot: Spot) => Wished | undefined;

function rootWish(node: FetchNode, schema: GraphQLSchema): Wish {
  const rewrite = rewriting(schema, node.outputRewrites);
  return (run, { entities }) => ({
    variables: variablesText(node, run),
    take(data) {
      rewrite?.(data);
      for (const entity of entities) merge(entity, data);
    },
  });
}

function entityWish(node: FetchNode, schema: GraphQLSchema): Wish {
  const represent = representing(schema, node.requires ?? []);
  const rewriteInput = rewriting(schema, node.inputRewrites);
  const rewriteOutput = rewriting(schema, node.outputRewrites);
  const sent = (text: string): string => {
    if (!rewriteInput) return text;
    const representation: unknown = JSON.parse(text);
    rewriteInput(representation);
    return JSON.stringify(representation);
  };

  return (run, { entities }) => {
    const positions = new Map<string, number[]>();
    for (const [position, entity] of entities.entries()) {
      const text = represent(entity);
      if (text === undefined) continue;
      const known = positions.get(text);
      if (known) known.push(position);
      else positions.set(text, [position]);
    }
    if (positions.size === 0) return undefined;
    const targets = [...positions.values()];
    const representations = [...positions.keys()].map(sent);
    return {
      variables: variablesText(node, run, `"representations":[${representations.join(',')}]`),
      targets,
      take(data) {
        for (const [index, entity] of receivedEntities(data, targets.length).entries()) {
          if (!entity) continue;
          rewriteOutput?.(entity);
          for (const position of targets[index]!) merge(entities[position]!, entity);
        }
      },
    };
  };
}

/** What is the same each time is written down once. */
function asking(node: FetchNode) {
  const { serviceName, operation, operationName, operationKind } = node;
  const name =
    operationName === undefined ? '' : `"operationName":${JSON.stringify(operationName)},`;
  const head = `{"query":${JSON.stringify(operation)},${name}"variables":`;
  const isChange = operationKind === 'mutation';

  return (run: Run, variables: string): SubgraphAnswer | Promise<SubgraphAnswer> => {
    if (run.known?.fetch === node) return run.known.answer;
    const source = run.sources[serviceName];
    if (!source) throw new Error(`Couldn't find service with name "${serviceName}"`);
    return source.answer({ query: operation, body: `${head}${variables}}`, isChange }, run.context);
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
