import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import {
  defaultFieldResolver,
  getNamedType,
  isObjectType,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import { invalidCursor } from './cursors.js';

const NONCE = 12;
const AUTHENTICATION = 16;

/**
 * Encrypts positions in lists as cursors and decrypts them: AES-256-GCM under keys of the database and the subgraph, with the
 * list's type as associated data. A cursor reveals neither the id nor the instant of its entry, and one that was changed, made up,
 * or is of another list or database does not open. The nonce is derived from list and position: an entry has the same cursor
 * in every response of every replica.
 */
export class ListCursorSeal {
  readonly #key: Buffer;
  readonly #nonceKey: Buffer;

  constructor(subgraph: string, epochKey: string) {
    const keyFor = (use: string) =>
      Buffer.from(hkdfSync('sha256', epochKey, '', `${use} of ${subgraph}`, 32));
    this.#key = keyFor('list cursors');
    this.#nonceKey = keyFor('list nonces');
  }

  seal(list: string, position: string): string {
    const content = JSON.stringify([list, position]);
    const nonce = createHmac('sha256', this.#nonceKey).update(content).digest().subarray(0, NONCE);
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(list));
    const sealed = Buffer.concat([cipher.update(position), cipher.final()]);
    return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** Returns the position; undefined for what is no cursor of this list. */
  open(list: string, cursor: string): string | undefined {
    const bytes = Buffer.from(cursor, 'base64url');
    // Characters that are not base64url are skipped in decoding; only one text is the cursor.
    if (bytes.length < NONCE + AUTHENTICATION || bytes.toString('base64url') !== cursor) {
      return undefined;
    }
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, NONCE), {
      authTagLength: AUTHENTICATION,
    })
      .setAAD(Buffer.from(list))
      .setAuthTag(bytes.subarray(-AUTHENTICATION));
    const position = decipher.update(bytes.subarray(NONCE, -AUTHENTICATION));
    try {
      return Buffer.concat([position, decipher.final()]).toString();
    } catch {
      return undefined;
    }
  }
}

/** The part of a request's context by which its cursors are sealed. */
export interface SealContext {
  listCursorSeal: Pick<ListCursorSeal, 'seal' | 'open'>;
}

/**
 * Encrypts the cursors of all connections of a schema in responses and decrypts them where clients send them as `after`, so that
 * no list can forget it. Throws BAD_USER_INPUT for what is no cursor of the list. Changes the schema it is given.
 */
export function sealListCursors(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    openAfter(type);
    const list = listOf(type.name, 'Edge');
    if (list !== undefined) sealField(type, 'cursor', () => list);
    if (type.name !== 'PageInfo') continue;
    for (const field of ['startCursor', 'endCursor']) {
      sealField(type, field, (connection) => listOf(connection ?? '', 'Connection')!);
    }
  }
}

function openAfter(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields())) {
    const list = listOf(getNamedType(field.type).name, 'Connection');
    if (list === undefined || !field.args.some(({ name }) => name === 'after')) continue;
    const resolve = field.resolve ?? defaultFieldResolver;
    field.resolve = (
      parent,
      args: { after?: string | null },
      context: SealContext,
      info: GraphQLResolveInfo,
    ) => {
      if (args.after == null) return resolve(parent, args, context, info);
      const after = context.listCursorSeal.open(list, args.after);
      if (after !== undefined) return resolve(parent, { ...args, after }, context, info);
      throw invalidCursor();
    };
  }
}

/** `listOfParent` gets the name of the type that leads to the field's object. */
function sealField(
  type: GraphQLObjectType,
  name: string,
  listOfParent: (connection: string | undefined) => string,
): void {
  const field = type.getFields()[name];
  if (!field) return;
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = async (parent, args, context: SealContext, info) => {
    const position = (await resolve(parent, args, context, info)) as string | null;
    if (position === null) return null;
    return context.listCursorSeal.seal(listOfParent(info.path.prev?.typename), position);
  };
}

/** `Patient` of `PatientConnection` and `PatientEdge`; undefined for the name of another type. */
function listOf(type: string, suffix: 'Connection' | 'Edge'): string | undefined {
  return type.endsWith(suffix) ? type.slice(0, -suffix.length) : undefined;
}
