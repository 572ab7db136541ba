/** Queries and mutations over HTTP, health, and the sandbox page. */
export { apolloServer } from './apollo-server.js';
export { clientAddress, trustedProxies } from './client-address.js';
export { admitOrigins, crossOriginHeaders } from './cross-origin.js';
export { handleErrors } from './error-responses.js';
export { serveHealth } from './health.js';
export {
  admitHttpRequest,
  cancelledOnDisconnect,
  refuseDeepParameters,
  resolveListedOperation,
} from './http-admission.js';
export { NO_STORE, noStore } from './no-store.js';
export { serveSandboxPage } from './sandbox-page.js';
export { issueSandboxTokens } from './sandbox-token.js';
export { traceHeaders } from './trace-headers.js';
