import type { FetchNode } from '@apollo/query-planner';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { SubgraphResponse } from '../../core/index.js';
import { UnsupportedPlan } from './coverage.js';
import type { JsonObject, Run, Location, FetchStep } from './run.js';
import { locatedErrors, type Targets } from './located-errors.js';
import { merge } from './merging.js';
import { representing } from './representations.js';
import { rewriting } from './rewrites.js';

/** Fetches root fields, or further fields of objects, from one subgraph and merges the response. */
export function fetchStep(node: FetchNode, schema: GraphQLSchema): FetchStep {
  if (node.contextRewrites?.length) throw new UnsupportedPlan('a field that reads its context');
  const prepare = node.requires ? entityFetch(node, schema) : rootFetch(node, schema);
  const send = requester(node);
  return async (run, location) => {
    if (location.entities.length === 0) return;
    try {
      const prepared = prepare(run, location);
      if (!prepared) return;
      const { data, errors } = await send(run, prepared.variables);
      if (errors) {
        run.errors.push(
          ...locatedErrors(errors, node.serviceName, run, location, prepared.targets),
        );
      }
      if (data) prepared.merge(data);
    } catch (error) {
      // An unavailable subgraph costs its own fields only.
      run.errors.push(error as GraphQLError);
    }
  };
}

/** The variables of a fetch at a location, and the merge of its response. */
interface PreparedFetch {
  /** JSON. */
  variables: string;
  /** For each representation that is sent; none for a root field. */
  targets?: Targets;
  merge(data: JsonObject): void;
}

/** Returns undefined where there is nothing to fetch. */
type PrepareFetch = (run: Run, location: Location) => PreparedFetch | undefined;

function rootFetch(node: FetchNode, schema: GraphQLSchema): PrepareFetch {
  const rewrite = rewriting(schema, node.outputRewrites);
  return (run, { entities }) => ({
    variables: variablesText(node, run),
    merge(data) {
      rewrite?.(data);
      for (const entity of entities) merge(entity, data);
    },
  });
}

function entityFetch(node: FetchNode, schema: GraphQLSchema): PrepareFetch {
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
      merge(data) {
        for (const [index, entity] of checkedEntities(data, targets.length).entries()) {
          if (!entity) continue;
          rewriteOutput?.(entity);
          for (const position of targets[index]!) merge(entities[position]!, entity);
        }
      },
    };
  };
}

/** Serialises the parts that are the same for each run once. */
function requester(node: FetchNode) {
  const { serviceName, operation, operationName, operationKind } = node;
  const name =
    operationName === undefined ? '' : `"operationName":${JSON.stringify(operationName)},`;
  const head = `{"query":${JSON.stringify(operation)},${name}"variables":`;
  const isChange = operationKind === 'mutation';

  return (run: Run, variables: string): SubgraphResponse | Promise<SubgraphResponse> => {
    if (run.known?.fetch === node) return run.known.response;
    const source = run.sources[serviceName];
    if (!source) throw new Error(`Couldn't find service with name "${serviceName}"`);
    return source.fetch({ query: operation, body: `${head}${variables}}`, isChange }, run.context);
  };
}

/** JSON of the client's variables that the operation uses; subgraphs fill in the defaults. */
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

function checkedEntities(data: JsonObject, expected: number): (JsonObject | null)[] {
  const entities = data['_entities'];
  if (!Array.isArray(entities)) {
    throw new Error('Expected "data._entities" in response to be an array');
  }
  if (entities.length !== expected) {
    throw new Error(`Expected "data._entities" to contain ${expected} elements`);
  }
  return entities as (JsonObject | null)[];
}
