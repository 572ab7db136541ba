import { projectPath } from '../shared/root.js';
import type { PrismaConfig } from 'prisma/config';

/** Prisma's settings for one subgraph; the command line tool is used for authoring only, never at run time. */
export function prismaConfig(subgraph: string): PrismaConfig {
  // Prisma's own engine is a download that an air-gapped machine cannot get; this one comes from npm.
  process.env['PRISMA_SCHEMA_ENGINE_BINARY'] ??= projectPath('tools/schema-engine.mjs');
  return {
    schema: projectPath('subgraphs', subgraph, 'prisma/schema'),
    migrations: { path: projectPath('subgraphs', subgraph, 'prisma/migrations') },
    datasource: {
      url:
        process.env[`${subgraph.toUpperCase()}_DATABASE_URL`] ??
        `postgresql://postgres@127.0.0.1:5432/${subgraph}`,
    },
  };
}
