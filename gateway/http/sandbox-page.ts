import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The page connects only to its own hub. The editor writes styles into the page and starts workers. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "worker-src 'self' blob:",
  'img-src data:',
  'font-src data:',
  "connect-src 'self' ws:",
].join('; ');

/** Serves the built sandbox at `/sandbox/`. */
export async function serveSandboxPage(app: FastifyInstance, folder: string): Promise<void> {
  if (!existsSync(join(folder, 'index.html'))) {
    const notBuilt = 'The sandbox is not built. Run npm run build, then start the hub again.\n';
    for (const path of ['/sandbox', '/sandbox/']) {
      app.get(path, (_request, reply) => reply.code(503).type('text/plain').send(notBuilt));
    }
    return;
  }
  app.get('/sandbox', (_request, reply) => reply.redirect('/sandbox/'));
  await app.register(fastifyStatic, {
    root: folder,
    prefix: '/sandbox/',
    setHeaders: (response) => {
      response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY);
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('referrer-policy', 'no-referrer');
    },
  });
}
