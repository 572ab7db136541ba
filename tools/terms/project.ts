import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parse, visit } from 'graphql';
import { projectPath } from '../../shared/root.js';
import { folderOf } from './limits.js';
import { PublishedNames } from './names.js';
import {
  occurrencesIn,
  occurrencesInFolders,
  occurrencesInSchemas,
  type Occurrence,
} from './occurrences.js';
import { compileTerm, type TermList } from './terms.js';

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
  const inSchemas = namesOfSchemas(tracked.filter((file) => SCHEMAS.test(file)));
  const clients = [...inSchemas, ...namesOfRights()];
  const publishedIn = memoized((folder: string) => {
    const stored = storedNames.filter(({ folders }) => !folders || folders.includes(folder));
    return new PublishedNames([...clients, ...stored.map(({ name }) => name)]);
  });
  const files = tracked.filter((file) => !leftOut.some((pattern) => pattern.test(file)));
  return [
    ...occurrencesInSchemas('gateway/api.graphql', inSchemas, terms),
    ...occurrencesInFolders(files, terms, publishedIn('.')),
    ...files.flatMap((file) =>
      occurrencesIn(file, textOf(file), terms, publishedIn(folderOf(file))),
    ),
  ];
}

function namesOfSchemas(schemas: string[]): Set<string> {
  const names = new Set<string>();
  for (const file of schemas) {
    visit(parse(textOf(file)), { Name: ({ value }) => void names.add(value) });
  }
  return names;
}

/** Returns the roles and the scopes of roles.json. */
function namesOfRights(): string[] {
  const roles = JSON.parse(textOf('shared/roles.json')) as Record<string, string[]>;
  return Object.entries(roles).flatMap(([role, scopes]) => [role, ...scopes]);
}

function memoized<Value>(compute: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    if (!known.has(key)) known.set(key, compute(key));
    return known.get(key)!;
  };
}

function textOf(file: string): string {
  return readFileSync(projectPath(file), 'utf8');
}
