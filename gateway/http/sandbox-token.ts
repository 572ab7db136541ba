import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopback, withoutBrackets } from '../../shared/addresses.js';
import { areaToday } from '../../shared/areas/index.js';
import { issueDevelopmentToken, ROLES } from '../../shared/identity/index.js';
import { callersFault } from '../../shared/errors/index.js';
import type { IdentitySettings } from '../access/index.js';

const LIFETIME_SECONDS = 15 * 60;

/**
 * Issues development tokens for the sandbox page, so that a newcomer signs in with one click. Only while the hub trusts its own
 * issuer, and only for pages of this hub on this machine: a foreign page could otherwise fetch a token.
 */
export function issueSandboxTokens(app: FastifyInstance, settings: IdentitySettings): void {
  if (settings.oidcIssuer !== undefined) return;
  app.get('/sandbox/token', async (request, reply) => {
    if (!comesFromOurOwnPage(request)) {
      return reply.code(403).send({
        error:
          'Development tokens are for the sandbox of this machine. Use npm run -s token instead.',
      });
    }
    const { role, areas, facilities } = tokenOptionsOf(request);
    const token = await issueDevelopmentToken(settings.dataFolder, settings.oidcAudience, {
      role,
      areas,
      facilities,
      ttl: LIFETIME_SECONDS,
    });
    return reply.header('cache-control', 'no-store').send({ token });
  });
}

/**
 * The Host header contains the name that the browser connected to: a name that was pointed at this machine later (DNS rebinding)
 * is no loopback name. `Sec-Fetch-Site` cannot be set by a page.
 */
function comesFromOurOwnPage({ headers }: FastifyRequest): boolean {
  const host = withoutBrackets((headers.host ?? '').replace(/:\d+$/, ''));
  const site = headers['sec-fetch-site'];
  return isLoopback(host) && (site === undefined || site === 'same-origin');
}

function tokenOptionsOf(request: FastifyRequest) {
  const query = request.query as Record<string, string | string[] | undefined>;
  const [role = ''] = [query['role'] ?? []].flat();
  if (!Object.hasOwn(ROLES, role)) {
    throw badRequest(`role must be one of ${Object.keys(ROLES).join(', ')}; it was "${role}".`);
  }
  const areas = [query['area'] ?? []].flat();
  const unknown = areas.find((area) => areaToday(area) === undefined);
  if (unknown !== undefined) {
    throw badRequest(
      `area must be an AGS prefix of 0, 2, 3 or 5 digits that exists; it was "${unknown}".`,
    );
  }
  return { role, areas, facilities: [query['facility'] ?? []].flat() };
}

function badRequest(message: string) {
  const error = callersFault('BAD_USER_INPUT', message);
  error.extensions['http'] = { status: 400 };
  return error;
}
