import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type Client } from 'graphql-ws';
import pg from 'pg';
import { pino, type Logger } from 'pino';
import { WebSocket } from 'ws';
import { claimSetFrom } from '../../../shared/identity/claims.js';
import { tokenMint, tokenVerifier } from '../../../shared/identity/internal-tokens.js';
import type { Tracing } from '../../../shared/telemetry/tracing.js';
import { createDatabase } from '../../../tests/cluster/database.js';
import { startCapacity } from '../../capacity/capacity.js';
import type { RmiList } from '../registry/patients/rules/pzc.js';
import { startPatients } from '../patients.js';

/** Who asks: a role of roles.json, where it holds, and under which pseudonym. */
export interface Who {
  role: string;
  areas?: string[];
  facilities?: string[];
  subject?: string;
}

export const CONTROL_ROOM: Who = { role: 'dispatch', areas: [''], subject: 'control room' };

export interface Answer {
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string } }[];
}

/** A patients subgraph and the capacity subgraph it works with, each on a database of its own, under one movable clock. */
export async function patientsWorld({
  through = (url) => url,
  rmiList,
  tracing = {},
  log = pino({ level: 'silent' }),
}: {
  /** Where the patients subgraph reaches its database, for tests that listen on the line. */
  through?: (databaseUrl: string) => string | Promise<string>;
  /** The Rückmeldeindizes that are active. */
  rmiList?: RmiList;
  /** Where each of the two tells its spans. */
  tracing?: { capacity?: Tracing; patients?: Tracing };
  /** What both log. */
  log?: Logger;
} = {}) {
  const databases = { capacity: await createDatabase(), patients: await createDatabase() };
  const dataFolder = await mkdtemp(join(tmpdir(), 'patients-'));
  const mint = await tokenMint(dataFolder, 'gateway');
  const clock = { now: new Date('2026-01-15T09:00:00.000Z') };
  const common = {
    host: '127.0.0.1',
    port: 0,
    log,
    now: () => clock.now,
  };
  const identityKey = randomBytes(32);
  const capacityOn = (port: number) =>
    startCapacity({
      ...common,
      port,
      tracing: tracing.capacity,
      databaseUrl: databases.capacity.url,
      wordsRetentionDays: 365,
      callSecrets: [identityKey],
      verify: tokenVerifier(dataFolder, 'capacity', ['gateway', 'patients']),
    });
  let capacity = await capacityOn(0);
  let isCapacityThere = true;
  const patients = await startPatients({
    ...common,
    databaseUrl: await through(databases.patients.url),
    verify: tokenVerifier(dataFolder, 'patients', ['gateway']),
    capacity: { url: capacity.url, mint: await tokenMint(dataFolder, 'patients') },
    tracing: tracing.patients,
    identityKeys: [identityKey],
    rmiList,
    retentionDays: { patients: 90, audit: 730 },
  });
  const pool = new pg.Pool({ connectionString: databases.patients.url, max: 4 });
  const sockets: Client[] = [];

  const authorization = async (
    { role, areas = [], facilities = [], subject = role }: Who,
    audience: string,
    mayChange?: true,
  ) => {
    const claims = claimSetFrom({ roles: [role], areas, facilities });
    return `Bearer ${await mint({ claims, subject, ...(mayChange && { mayChange }) }, audience)}`;
  };
  const post = async (audience: string, url: string, body: object, who: Who): Promise<Answer> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: await authorization(who, audience, true),
      },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Answer;
  };

  return {
    url: patients.url,
    capacityUrl: capacity.url,
    dataFolder,
    databases,
    /** Ends the capacity subgraph; `capacityComes` brings it back on the same port and database. */
    capacityGoes: async () => {
      isCapacityThere = false;
      await capacity.close();
    },
    capacityComes: async () => {
      capacity = await capacityOn(Number(new URL(capacity.url).port));
      isCapacityThere = true;
    },
    pool,
    clock,
    identityKey,
    /** How many events were ever written: who refuses adds none. */
    told: async () => Number((await pool.query('SELECT count(*) FROM outbox_event')).rows[0].count),
    later: (minutes: number) => (clock.now = new Date(clock.now.getTime() + minutes * 60_000)),
    /** Asks the patients subgraph. */
    ask: (query: string, variables: object = {}, who: Who = CONTROL_ROOM) =>
      post('patients', patients.url, { query, variables }, who),
    /** Asks the capacity subgraph. */
    askCapacity: (
      query: string,
      variables: object = {},
      who: Who = { role: 'crisis-staff', areas: [''] },
    ) => post('capacity', capacity.url, { query, variables }, who),
    async watch(query: string, variables: Record<string, unknown> = {}, who: Who = CONTROL_ROOM) {
      const socket = createClient({
        url: patients.url.replace('http', 'ws'),
        webSocketImpl: WebSocket,
        connectionParams: { authorization: await authorization(who, 'patients') },
        retryAttempts: 0,
      });
      sockets.push(socket);
      return socket.iterate<Record<string, any>>({
        query,
        variables,
        extensions: { authorization: await authorization(who, 'patients') },
      });
    },
    async close() {
      for (const socket of sockets) await socket.dispose();
      await pool.end();
      await patients.close();
      if (isCapacityThere) await capacity.close();
      await Promise.all([databases.capacity.drop(), databases.patients.drop()]);
      await rm(dataFolder, { recursive: true });
    },
  };
}

export type PatientsWorld = Awaited<ReturnType<typeof patientsWorld>>;
