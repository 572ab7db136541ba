import { environmentWith, SUBGRAPHS, type Settings, type SubgraphName } from '../../shared/env.js';
import { projectPath } from '../../shared/root.js';
import type { DatabaseUrls } from '../postgres/subgraph-database.js';
import type { ChildPlan } from './life.js';

/** Less than the starter's patience with a gateway that ends; with a single one there is nowhere to send its clients. */
const GATEWAY_DRAIN_SECONDS = '2';

/** Returns the processes of the hub and the environment of each. */
export function childPlans(
  settings: Settings,
  dataFolder: string,
  databases: Record<SubgraphName, DatabaseUrls>,
  isModelled: boolean,
): { gateway: ChildPlan; subgraphs: ChildPlan[] } {
  const common = { PORT: String(settings.port), VIERBLATT_DATA: dataFolder };
  return {
    gateway: {
      name: 'gateway',
      module: builtProgram('gateway'),
      environment: environmentWith({ ...common, DRAIN_SECONDS: GATEWAY_DRAIN_SECONDS }),
    },
    subgraphs: SUBGRAPHS.map((name) => ({
      name,
      module: builtProgram(name),
      environment: environmentWith({
        ...common,
        [`${name.toUpperCase()}_DATABASE_URL`]: databases[name].runtime,
        ...(name === 'supply' && isModelled ? { SUPPLY_MODELLED: 'true' } : {}),
      }),
    })),
  };
}

function builtProgram(name: string): string {
  const folder = name === 'gateway' ? name : `subgraphs/${name}`;
  return projectPath('dist', 'bundled', folder, 'server.js');
}
