import { readFileSync } from 'node:fs';
import { parse } from 'graphql';
import { SUBGRAPHS } from '../shared/env.js';
import { typeDefsOf } from '../shared/subgraph/index.js';
import { composeSources } from './compose.js';
import { FEDERATION_RULES } from './federation/rules.js';
import { subgraphOf } from './federation/subgraph-types.js';
import {
  idFieldsAreNamedSo,
  unionFieldsHaveOneType,
  type UnionFieldExceptions,
} from './federation/union-fields.js';

const subgraphs = SUBGRAPHS.map((name) => subgraphOf(name, typeDefsOf(name)));
const supergraph = subgraphOf('the supergraph', parse(composeSources().api));
const exceptions = (file: string): unknown =>
  JSON.parse(readFileSync(`tools/federation/${file}`, 'utf8'));
const ofUnions = exceptions('union-fields.json') as UnionFieldExceptions;
const ofIds = exceptions('id-fields.json') as string[];
const violations = [
  ...FEDERATION_RULES.flatMap((rule) => rule(subgraphs)),
  ...unionFieldsHaveOneType([...subgraphs, supergraph], ofUnions),
  ...idFieldsAreNamedSo(supergraph, ofIds),
];
for (const violation of violations) console.error(violation);
process.exitCode = violations.length ? 1 : 0;
