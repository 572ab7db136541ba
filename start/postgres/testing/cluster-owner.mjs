/**
 * Owns the cluster of the folder that is its argument. Tells its parent by `{ url, adopted }` or `{ refused }`, and
 * stops the cluster when told to by SIGTERM.
 */
import { startCluster } from '../../../dist/start/postgres/cluster.js';

try {
  const cluster = await startCluster(process.argv[2]);
  process.once('SIGTERM', async () => {
    await cluster.stop();
    process.exit(0);
  });
  process.send({ url: cluster.url('postgres'), adopted: cluster.adopted });
} catch (error) {
  process.send({ refused: error.message }, () => process.exit(1));
}
