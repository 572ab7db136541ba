import { GraphQLError } from 'graphql';
import { CapacityAway } from './client.js';

/** Runs what needs capacity; while it is away the caller is told `message`, and what he can do. */
export async function orUnavailable<T>(message: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof CapacityAway)) throw error;
    throw new GraphQLError(message, { extensions: { code: 'SERVICE_UNAVAILABLE' } });
  }
}
