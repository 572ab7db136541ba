import { GraphQLError } from 'graphql';
import { CapacityUnavailable } from './client.js';

/** Runs an act that needs capacity. While capacity is unavailable, the caller receives `message`, which says what they can do. */
export async function orUnavailable<T>(message: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof CapacityUnavailable)) throw error;
    throw new GraphQLError(message, { extensions: { code: 'SERVICE_UNAVAILABLE' } });
  }
}
