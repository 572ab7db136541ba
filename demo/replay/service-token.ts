import { developmentToken } from '../client/development-token.js';
import type { GiveToken } from '../client/graphql-endpoint.js';

/** Development tokens of a service that may report for all of Germany. */
export function serviceToken(dataFolder: string, audience: string): GiveToken {
  return developmentToken(dataFolder, audience, {
    role: 'service',
    areas: [''],
    subject: 'replay',
  });
}
