import { SUBGRAPHS } from '../shared/env.js';
import { typeDefsOf } from '../shared/subgraph/type-defs.js';
import { FEDERATION_RULES } from './federation/rules.js';
import { subgraphOf } from './federation/subgraph-types.js';

const subgraphs = SUBGRAPHS.map((name) => subgraphOf(name, typeDefsOf(name)));
const violations = FEDERATION_RULES.flatMap((rule) => rule(subgraphs));
for (const violation of violations) console.error(violation);
process.exitCode = violations.length ? 1 : 0;
