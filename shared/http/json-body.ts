import { isUtf8 } from 'node:buffer';
import { HeaderMap } from '@apollo/server';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { refuseDeepNesting } from './nesting.js';

/** The parameter as RFC 9110 section 8.3 writes it. */
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/gi;
const JSON_TYPE = 'application/json';
const UTF8_NAMES = new Set(['utf-8', 'utf8']);

/**
 * Reads JSON bodies. RFC 8259 knows no other encoding than UTF-8; decoding another one as UTF-8 would change names
 * without a word, so it is refused with 415, and so are compressed bodies. Keys such as `__proto__` are ordinary keys.
 */
export function readJsonBodies(app: FastifyInstance): void {
  app.addContentTypeParser(JSON_TYPE, { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    try {
      done(null, jsonOf(request, body));
    } catch (error) {
      done(error as Error);
    }
  });
  // Apollo Server refuses plain text by its type and needs none of the body, which Fastify's parser would wait for.
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser('text/plain', (_request, _body, done) => done(null, undefined));
  app.addContentTypeParser('*', ({ headers }, _body, done) => {
    const type = headers['content-type'];
    const received = type === undefined ? 'it is missing' : `it is "${type}"`;
    done(badRequest(415, `The content-type of the body must be ${JSON_TYPE}; ${received}.`));
  });
}

function jsonOf({ headers }: FastifyRequest, body: Buffer): unknown {
  const { 'content-type': type = '' } = headers;
  if (type !== JSON_TYPE) refuseOtherCharsets(type);
  const coding = headers['content-encoding'] ?? 'identity';
  if (coding.toLowerCase() !== 'identity') {
    throw badRequest(415, `The body must be sent as it is; its content-encoding is "${coding}".`);
  }
  if (!isUtf8(body)) {
    throw badRequest(415, 'The body must be UTF-8; these bytes are not. Encode the text as UTF-8.');
  }
  const value = parsed(body.toString('utf8'));
  refuseDeepNesting(value);
  return value;
}

function refuseOtherCharsets(contentType: string): void {
  for (const [, charset = ''] of contentType.matchAll(CHARSET)) {
    if (UTF8_NAMES.has(charset.toLowerCase())) continue;
    throw badRequest(
      415,
      `JSON must be UTF-8; the content-type says "${charset}". Encode the text as UTF-8, and leave the charset out.`,
    );
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch {
    const got = text === '' ? ', got nothing' : '';
    throw badRequest(
      400,
      `Invalid JSON: expected a body such as {"query": "{ ... }", "variables": {}}${got}.`,
    );
  }
}

function badRequest(status: number, message: string): Error {
  const http = { status, headers: new HeaderMap() };
  const error = new GraphQLError(message, { extensions: { code: 'BAD_REQUEST', http } });
  return Object.assign(error, { statusCode: status });
}
