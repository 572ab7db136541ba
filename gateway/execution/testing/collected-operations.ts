import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql';
import { projectPath } from '../../../shared/root.js';

/** Texts between quotes that hold nothing to be filled in. */
const TEXTS = /`([^`$]*|[^`]*\$[\w]+[^`]*)`|'([^'\n]*)'/g;
/** Every operation that stands in a test of the gateway, as text. */
export function collectedOperations(): string[] {
  const folder = projectPath('gateway');
  const tests = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.test.ts') && !file.startsWith('sandbox'),
  );
  const texts = tests.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(TEXTS)].map(
      ([, template, plain]) => template ?? plain ?? '',
    ),
  );
  return [...new Set(texts.filter((text) => text.includes('{') && read(text)))];
}

/** Those that are valid under a schema, and hold one operation. */
export function validUnder(schema: GraphQLSchema, texts: readonly string[]): DocumentNode[] {
  return texts.flatMap((text) => {
    const document = read(text);
    const operations = document?.definitions.filter(
      ({ kind }) => kind === Kind.OPERATION_DEFINITION,
    );
    if (!document || operations?.length !== 1) return [];
    return isValid(schema, document) ? [document] : [];
  });
}

/** For a condition with a variable at the root of a subscription, which the planner cannot plan either, validation throws. */
function isValid(schema: GraphQLSchema, document: DocumentNode): boolean {
  try {
    return validate(schema, document).length === 0;
  } catch {
    return false;
  }
}

function read(text: string): DocumentNode | undefined {
  try {
    const document = parse(text);
    return document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION)
      ? document
      : undefined;
  } catch {
    return undefined;
  }
}
