/**
 * Owns the cluster of the folder that is its argument. Sends `{ url, adopted }` or `{ refused }` to its parent, and
 * stops the cluster on SIGTERM. JavaScript, because tests run it beside the build without a compiler.
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
