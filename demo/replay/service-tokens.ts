import { developmentTokens } from '../client/caller.js';
import type { TokenSource } from '../client/hub-client.js';

/** Returns a source of development tokens of a service that may report for all of Germany. */
export function serviceTokens(dataFolder: string, audience: string): TokenSource {
  return developmentTokens(dataFolder, audience, {
    role: 'service',
    areas: [''],
    subject: 'replay',
  });
}
