import { tokenMint } from '../../shared/identity/index.js';
import { runService } from '../../shared/service-process.js';
import { serverOf } from '../../shared/subgraph/index.js';
import { startPersonnel } from './personnel.js';
import { personnelKeys } from './professionals/index.js';

await runService('personnel', async (settings, log, tracing) => {
  const mint = await tokenMint(settings.dataFolder, 'personnel');
  return startPersonnel({
    ...serverOf('personnel', { settings, log, tracing }),
    capacity: { url: settings.subgraphUrl.capacity, mint },
    supply: { url: settings.subgraphUrl.supply, mint },
    identityKeys: await personnelKeys(settings),
    auditRetentionDays: settings.retentionDays.audit,
  });
});
