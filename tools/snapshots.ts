import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { projectPath } from '../shared/root.js';
import { CompositionError, composeSources, type Composition } from './compose.js';

/**
 * The committed schemas: their difference is the review of an API change. `npm run snapshots` writes them; with
 * `--check` nothing is written and the exit status says whether they are up to date.
 */
function snapshotsOf({
  supergraph,
  api,
  subgraphs,
}: Composition): [file: string, schema: string][] {
  return [
    ['gateway/supergraph.graphql', supergraph],
    ['gateway/api.graphql', api],
    ...Object.entries(subgraphs).map(([name, schema]): [string, string] => [
      `subgraphs/${name}/${name}.graphql`,
      schema,
    ]),
  ];
}

function isUpToDate(file: string, schema: string): boolean {
  const path = projectPath(file);
  return existsSync(path) && readFileSync(path, 'utf8') === `${schema.trimEnd()}\n`;
}

try {
  const outdated = snapshotsOf(composeSources()).filter(
    ([file, schema]) => !isUpToDate(file, schema),
  );
  if (process.argv.includes('--check')) {
    for (const [file] of outdated) {
      console.error(
        `${file} is not what the sources give: run \`npm run snapshots\` and read the difference.`,
      );
    }
    process.exitCode = outdated.length ? 1 : 0;
  } else {
    for (const [file, schema] of outdated) {
      writeFileSync(projectPath(file), `${schema.trimEnd()}\n`);
      console.log(`wrote ${file}`);
    }
  }
} catch (error) {
  if (!(error instanceof CompositionError)) throw error;
  console.error(`The subgraphs do not compose:\n${error.message}`);
  process.exitCode = 1;
}
