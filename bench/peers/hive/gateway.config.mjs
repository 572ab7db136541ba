/** One process, and nothing running beside the queries; the rest is as it comes. */
export const gatewayConfig = {
  fork: 1,
  graphqlEndpoint: '/graphql',
  logging: 'error',
  landingPage: false,
  graphiql: false,
  maskedErrors: false,
  pollingInterval: 0,
  upstreamRetry: { maxRetries: 0 },
  transportEntries: {
    '*.http': { options: { subscriptions: { kind: 'ws', location: '/graphql' } } },
  },
};
