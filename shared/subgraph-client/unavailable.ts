import { statedOutage } from '../errors/index.js';
import { SubgraphUnavailable } from './client.js';

/** Runs an act that needs another subgraph. While that is unavailable, the caller receives `message`, which says what they can do. */
export async function orUnavailable<T>(message: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof SubgraphUnavailable)) throw error;
    throw statedOutage(message);
  }
}
