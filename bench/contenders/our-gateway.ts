/** Our gateway as the hub runs it, with rights, limits and metrics on. Its argument is OurSettings as JSON. */
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { startGateway } from '../../gateway/gateway.js';

export interface OurSettings {
  port: number;
  dataFolder: string;
  /** File. */
  supergraph: string;
  subgraphUrl: Readonly<Record<string, string>>;
  batchSize: number;
}

/** Counted for each caller, and more than one can spend here. */
const RATE_LIMIT_COST_PER_MINUTE = 1_000_000_000;

const { port, dataFolder, supergraph, subgraphUrl, batchSize } = JSON.parse(
  process.argv[2]!,
) as OurSettings;
await startGateway(
  {
    host: '127.0.0.1',
    port,
    dataFolder,
    oidcIssuer: undefined,
    oidcAudience: 'vierblatt',
    subgraphUrl,
    sandbox: false,
    rateLimitCostPerMinute: RATE_LIMIT_COST_PER_MINUTE,
    subgraphBatchSize: Object.fromEntries(
      Object.keys(subgraphUrl).map((name) => [name, batchSize]),
    ),
  },
  readFileSync(supergraph, 'utf8'),
  pino({ level: 'warn' }, pino.destination(2)),
);
process.on('disconnect', () => process.exit());
