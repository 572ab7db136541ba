import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { databaseSources, REVISION_FILE } from '../shared/database/index.js';
import { SUBGRAPHS } from '../shared/env.js';
import { projectPath } from '../shared/root.js';
import { CompositionError, composeSources } from './compose.js';
import { describeDatabase } from './database/catalogue.js';
import { readMigratedDatabases } from './database/migrated.js';
import { currentRevision } from './database/revisions.js';

/** A committed file that programs write, and what it has to hold. */
type Snapshot = [file: string, text: string];

/**
 * The committed schemas and databases: their difference is the review of a change. `npm run snapshots` writes them; with
 * `--check` nothing is written and the exit status says whether they are up to date.
 */
async function snapshots(): Promise<Snapshot[]> {
  const { supergraph, api, subgraphs } = composeSources();
  return [
    ['gateway/supergraph.graphql', supergraph],
    ['gateway/api.graphql', api],
    ...Object.entries(subgraphs).map(([name, schema]): Snapshot => [
      `subgraphs/${name}/${name}.graphql`,
      schema,
    ]),
    ...(await functionRevisions()),
    ...(await readMigratedDatabases(async (name, session): Promise<Snapshot> => [
      `subgraphs/${name}/database.snapshot.txt`,
      await describeDatabase(session),
    ])),
  ];
}

function functionRevisions(): Promise<Snapshot[]> {
  const folders = new Set(SUBGRAPHS.flatMap((name) => databaseSources(name).functions));
  // A subgraph whose rules need no SQL function has no folder for them.
  return Promise.all(
    [...folders]
      .filter(existsSync)
      .map(async (folder): Promise<Snapshot> => [
        join(relative(projectPath(), folder), REVISION_FILE),
        await currentRevision(folder),
      ]),
  );
}

function isUpToDate([file, text]: Snapshot): boolean {
  const path = projectPath(file);
  return existsSync(path) && readFileSync(path, 'utf8') === `${text.trimEnd()}\n`;
}

try {
  const outdated = (await snapshots()).filter((snapshot) => !isUpToDate(snapshot));
  if (process.argv.includes('--check')) {
    for (const [file] of outdated) {
      console.error(
        `${file} is not what the sources give: run \`npm run snapshots\` and read the difference.`,
      );
    }
    process.exitCode = outdated.length ? 1 : 0;
  } else {
    for (const [file, text] of outdated) {
      writeFileSync(projectPath(file), `${text.trimEnd()}\n`);
      console.log(`wrote ${file}`);
    }
  }
} catch (error) {
  if (!(error instanceof CompositionError)) throw error;
  console.error(`The subgraphs do not compose:\n${error.message}`);
  process.exitCode = 1;
}
