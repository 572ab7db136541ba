// JavaScript, because the test runner loads it before it can load TypeScript.
/** Ends the cluster of the test run and waits until its process has exited. */
export default async function teardown() {
  const holder = globalThis.clusterHolder;
  if (!holder) return;
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  holder.disconnect();
  await ended;
}
