import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parse, visit } from 'graphql';
import { projectPath } from '../../shared/root.js';
import { PublishedNames } from './names.js';
import { occurrencesIn, occurrencesInFolders, type Occurrence } from './occurrences.js';
import { compileTerm, type StoredName, type TermList } from './terms.js';

const SCHEMAS = /^(gateway\/api|subgraphs\/([^/]+)\/\2)\.graphql$/;

/** Returns every use of a word of the list in the files that the project keeps. */
export function findAll(): Occurrence[] {
  const {
    terms: listed,
    storedNames,
    notCounted,
  } = JSON.parse(textOf('tools/terms/terms.json')) as TermList;
  const terms = listed.map(compileTerm);
  const leftOut = notCounted.map((pattern) => new RegExp(pattern));
  const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: projectPath(),
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => file !== '' && existsSync(projectPath(file)));
  const published = publishedNames(
    tracked.filter((file) => SCHEMAS.test(file)),
    storedNames,
  );
  const files = tracked.filter((file) => !leftOut.some((pattern) => pattern.test(file)));
  return [
    ...occurrencesInFolders(files, terms, published),
    ...files.flatMap((file) => occurrencesIn(file, textOf(file), terms, published)),
  ];
}

/** Returns the names of the schemas, of the rights in roles.json, and those that databases keep. */
function publishedNames(schemas: string[], storedNames: StoredName[]): PublishedNames {
  const names = new Set(storedNames.map(({ name }) => name));
  for (const file of schemas) {
    visit(parse(textOf(file)), { Name: ({ value }) => void names.add(value) });
  }
  const roles = JSON.parse(textOf('shared/roles.json')) as Record<string, string[]>;
  for (const [role, scopes] of Object.entries(roles)) {
    names.add(role);
    scopes.forEach((scope) => names.add(scope));
  }
  return new PublishedNames(names);
}

function textOf(file: string): string {
  return readFileSync(projectPath(file), 'utf8');
}
