import type { ApolloServerPlugin } from '@apollo/server';
import {
  defaultFieldResolver,
  defaultTypeResolver,
  isObjectType,
  isUnionType,
  type GraphQLSchema,
} from 'graphql';
import type { Logger } from 'pino';
import { randomUUID } from 'node:crypto';
import { statedOutage } from '../../../shared/errors/index.js';
import { actorOf } from '../../../shared/identity/index.js';
import { Disclosures } from './disclosures.js';
import type { Reading } from './entries.js';
import type { ReadContext } from './read-context.js';
import { RELATIONS, type DisclosedPatients } from './relations.js';

/** The recorded types of each schema whose reads are noted. */
const recordedTypes = new WeakMap<GraphQLSchema, ReadonlySet<string>>();

type Relate = (row: object, context: ReadContext) => DisclosedPatients | Promise<DisclosedPatients>;

/**
 * Makes every field of a `@recorded` type note its reads. It changes the finished schema, so that no resolver can forget it.
 * Throws for an unknown relation.
 */
export function noteReads(schema: GraphQLSchema): void {
  const relations = relationsOf(schema);
  const relateOf = new Map<string, Relate>();
  for (const [name, relation] of relations) {
    const relate = (RELATIONS as Readonly<Record<string, unknown>>)[relation] as Relate | undefined;
    if (!relate) throw new Error(`${name} is recorded by ${relation}, which is no relation`);
    relateOf.set(name, relate);
    const type = schema.getType(name);
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (row: object, args, context: ReadContext, info) => {
        context.disclosures?.note(info, () => relate(row, context));
        return resolve(row, args, context, info);
      };
    }
  }
  noteRefusals(schema, relateOf);
  recordedTypes.set(schema, new Set(relations.keys()));
}

/** The `__typename` of a refusal already discloses something of the patient: it is a read without any field. */
function noteRefusals(schema: GraphQLSchema, relateOf: ReadonlyMap<string, Relate>): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isUnionType(type) || !type.getTypes().some(({ name }) => relateOf.has(name))) continue;
    const resolveType = type.resolveType ?? defaultTypeResolver;
    type.resolveType = async (row: object, context: ReadContext, info, union) => {
      const name = await resolveType(row, context, info, union);
      const relate = isRefusalType(schema, name) ? relateOf.get(name) : undefined;
      if (relate) await context.disclosures?.noteRefusal(info, () => relate(row, context));
      return name;
    };
  }
}

function isRefusalType(schema: GraphQLSchema, name: string | undefined): name is string {
  const type = name === undefined ? undefined : schema.getType(name);
  return isObjectType(type) && type.getInterfaces().some((one) => one.name === 'Refusal');
}

/** Returns the recorded types of a schema, with the relation of each. */
export function relationsOf(schema: GraphQLSchema): Map<string, string> {
  const relations = new Map<string, string>();
  for (const { name, astNode } of Object.values(schema.getTypeMap())) {
    const directive = astNode?.directives?.find((one) => one.name.value === 'recorded');
    const value = directive?.arguments?.find((one) => one.name.value === 'relation')?.value;
    if (value && 'value' in value) relations.set(name, String(value.value));
  }
  return relations;
}

/**
 * Records the reads of each response. If the person is known, the subgraph stores the reads before it responds. If only rights
 * are known, several readers may share the response: its `extensions.disclosed` lists the reads, and the gateway, which knows
 * the readers, has them stored.
 */
export function recordReads<Context extends ReadContext>(log: Logger): ApolloServerPlugin<Context> {
  return {
    requestDidStart: async ({ contextValue, schema }) => {
      const { caller } = contextValue;
      const types = recordedTypes.get(schema);
      if (!types) throw new Error('The reads of this schema are not noted.');
      const disclosures = new Disclosures(caller, (type) => types.has(type));
      contextValue.disclosures = disclosures;
      return {
        willSendResponse: async ({ response: { body }, operationName }) => {
          if (body.kind !== 'single') return;
          const { singleResult } = body;
          const readings = await disclosures.readings();
          if (readings.length === 0) return;
          if (caller.subject === undefined) {
            const disclosed = readings.map((reading) => JSON.stringify(reading));
            singleResult.extensions = { ...singleResult.extensions, disclosed };
            return;
          }
          try {
            await contextValue.audit.store(readings.map((reading) => readBy(reading)));
          } catch (cause) {
            body.singleResult = { data: null, errors: [withheld(log, cause)] };
          }

          function readBy(reading: Reading) {
            const by = actorOf(caller);
            const reader = { id: randomUUID(), by, operation: operationName ?? null };
            return { reading, readers: [reader] };
          }
        },
      };
    },
  };
}

function withheld(log: Logger, cause: unknown) {
  const id = randomUUID();
  log.error({ id, err: cause }, 'a read could not be recorded, so its response is withheld');
  const message = `This read could not be recorded, so its result is withheld. Try again shortly; the hub's operators find the cause in their log as ${id}.`;
  return statedOutage(message, id).toJSON();
}
