import { join } from 'node:path';
import { secretIn, tokenMint } from '../../shared/identity/index.js';
import { runService } from '../../shared/service-process.js';
import { serverOf } from '../../shared/subgraph/index.js';
import { startSupply } from './supply.js';

await runService('supply', async (settings, log, tracing) => {
  const server = serverOf('supply', { settings, log, tracing, callers: ['personnel'] });
  const secret = await secretIn(join(settings.dataFolder, 'supply-call-secret'));
  return startSupply({
    ...server,
    capacity: {
      url: settings.subgraphUrl.capacity,
      mint: await tokenMint(settings.dataFolder, 'supply'),
    },
    modelled: settings.supplyModelled,
    wordsRetentionDays: settings.retentionDays.supplyWords,
    callSecrets: [Buffer.from(secret, 'base64')],
  });
});
