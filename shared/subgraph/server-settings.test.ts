import { pino } from 'pino';
import { readSettings, SettingsError } from '../env.js';
import { serverOf } from './server-settings.js';

const log = pino({ level: 'silent' });

test('a subgraph runs on its own database, port and time limit', () => {
  const settings = readSettings({
    CAPACITY_DATABASE_URL: 'postgresql://works@localhost/capacity',
    CAPACITY_TIMEOUT_MS: '700',
  });
  expect(serverOf('capacity', { settings, log })).toMatchObject({
    databaseUrl: 'postgresql://works@localhost/capacity',
    responseMs: 700,
    host: '127.0.0.1',
    port: 4001,
  });
});

test('a subgraph without a database does not start, and the error names the setting', () => {
  const start = () => serverOf('patients', { settings: readSettings({}), log });
  expect(start).toThrow(SettingsError);
  expect(start).toThrow('patients needs PATIENTS_DATABASE_URL');
});
