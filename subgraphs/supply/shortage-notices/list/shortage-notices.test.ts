import { readFileSync } from 'node:fs';
import { projectPath } from '../../../../shared/root.js';
import { supplyWorld, type SupplyWorld, type TestIdentity } from '../../testing/supply-world.js';
import { importShortageNotices } from '../importing/import.js';

const EXAMPLE = readFileSync(projectPath('subgraphs/supply/testing/lists/shortage-notices.csv'));
const TEXT = new TextDecoder('windows-1252').decode(EXAMPLE);

let world: SupplyWorld;
beforeAll(async () => {
  world = await supplyWorld({ hasFacilities: false });
});
afterAll(() => world.close());

const importText = (text: string, options = {}) =>
  importShortageNotices(world.pool, Buffer.from(text), options);
const listRaw = (variables: object, who?: TestIdentity) =>
  world.request(
    `query ($filter: ShortageNoticeFilter, $first: Int, $after: String) {
      shortageNotices(filter: $filter, first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage }
        nodes { id caseNumber firstCaseNumber reportKind from until status reportedOn name substances hospitalRelevant
          alternative classification packs { pzn enr name doseForm item { id pzn } } } } }`,
    variables,
    who,
  );
const list = async (variables: object = {}) => (await listRaw(variables)).data.shortageNotices;
const casesOf = async (filter: object) =>
  (await list({ filter })).nodes.map(({ caseNumber }: { caseNumber: string }) => caseNumber).sort();

beforeEach(async () => {
  await world.pool.query('DELETE FROM shortage_notice');
  await importShortageNotices(world.pool, EXAMPLE);
});

describe('the imported list', () => {
  test('has one notice per case with its packs, whose numbers lead to items', async () => {
    const { nodes, totalCount } = await list();
    expect(totalCount).toBe(4);
    const propofol = nodes.find(({ caseNumber }: { caseNumber: string }) => caseNumber === '90001');
    expect(propofol).toMatchObject({
      firstCaseNumber: null,
      reportKind: 'Erstmeldung',
      status: 'ONGOING',
      from: '2025-11-15',
      until: '2026-04-30',
      reportedOn: '2026-01-06',
      hospitalRelevant: true,
      alternative: 'Propofol Muster; Emulsion',
      packs: [
        { pzn: '00194323', enr: '1234567', item: { pzn: '00194323' } },
        { pzn: '00194346', item: { pzn: '00194346' } },
        { pzn: null, item: null, name: 'Propofol Beispiel Bündelpackung' },
      ],
    });
    const drops = nodes.find(({ caseNumber }: { caseNumber: string }) => caseNumber === '90004');
    expect(drops.packs).toMatchObject([{ pzn: '00003493', item: null }]);
  });

  test('is filtered by status, item, relevance and text', async () => {
    expect(await casesOf({ statuses: ['UPCOMING'] })).toEqual(['90002']);
    expect(await casesOf({ statuses: ['ENDED'] })).toEqual(['90003']);
    expect(await casesOf({ statuses: ['ONGOING', 'UPCOMING'] })).toEqual([
      '90001',
      '90002',
      '90004',
    ]);
    expect(await casesOf({ item: 'pzn:00194346' })).toEqual(['90001']);
    expect(await casesOf({ item: 'pzn:99999999' })).toEqual([]);
    expect(await casesOf({ hospitalRelevant: false })).toEqual(['90002', '90003']);
    expect(await casesOf({ text: 'ÄTHERISCH' })).toEqual(['90002']);
  });

  test('is read page by page, each notice once', async () => {
    const first = await list({ first: 3 });
    const second = await list({ first: 3, after: first.pageInfo.endCursor });
    const found = [...first.nodes, ...second.nodes].map(({ caseNumber }) => caseNumber);
    expect(found.sort()).toEqual(['90001', '90002', '90003', '90004']);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  test('judges a shortage by the calendar day in Germany', async () => {
    const start = world.clock.now;
    world.clock.now = new Date('2026-02-28T22:59:00Z');
    expect(await casesOf({ statuses: ['UPCOMING'] })).toEqual(['90002']);
    world.clock.now = new Date('2026-02-28T23:00:00Z');
    expect(await casesOf({ statuses: ['UPCOMING'] })).toEqual([]);
    world.clock.now = start;
  });

  test('is shown at an item without what has ended', async () => {
    const { data } = await world.request(
      `{ short: item(id: "pzn:00194323") { shortageNotices { caseNumber } }
         ended: item(id: "pzn:00583912") { shortageNotices { caseNumber } } }`,
    );
    expect(data).toEqual({
      short: { shortageNotices: [{ caseNumber: '90001' }] },
      ended: { shortageNotices: [] },
    });
  });

  test('is hidden from roles that do not read supply', async () => {
    const { errors } = await listRaw({}, { role: 'partner' });
    expect(errors?.map(({ extensions }) => extensions['code'])).toEqual(['FORBIDDEN']);
  });
});

describe('an import', () => {
  test('of the same list changes nothing, in whatever encoding it comes', async () => {
    const before = await list();
    expect(await importText(TEXT)).toEqual({ listed: 4, changed: 0, removed: 0 });
    expect(await list()).toEqual(before);
  });

  test('of a newer list changes what changed and removes what is no longer listed', async () => {
    const lines = TEXT.trimEnd().split('\r\n');
    const newer = lines
      .filter((line) => !line.includes(';90003;'))
      .map((line) => line.replace('30.06.2026', '31.07.2026'));
    expect(await importText(newer.join('\n'))).toEqual({ listed: 3, changed: 1, removed: 1 });
    const { nodes } = await list({ filter: { statuses: ['UPCOMING'] } });
    expect(nodes).toMatchObject([{ caseNumber: '90002', until: '2026-07-31' }]);
  });

  test('by two processes at once has the outcome of one', async () => {
    await world.pool.query('DELETE FROM shortage_notice');
    const outcomes = await Promise.all([importText(TEXT), importText(TEXT)]);
    expect(outcomes.map((one) => 'changed' in one && one.changed).sort()).toEqual([0, 4]);
  });

  test.each([
    ['a file that breaks off', TEXT.slice(0, -200)],
    ['a file with a day that does not exist', TEXT.replace('31.12.2025', '31.11.2025')],
    ['a page', '<!DOCTYPE html>'],
    ['a list without a notice', TEXT.split('\r\n', 1)[0]!],
  ])('of %s is refused in one sentence and changes nothing', async (_, text) => {
    const before = await list();
    expect(await importText(text)).toEqual({ fault: expect.stringMatching(/^[^.].*\.$/) });
    expect(await list()).toEqual(before);
  });

  test('of a list that lacks more than half of the notices is refused, unless that is accepted', async () => {
    const [heading, , , , row] = TEXT.split('\r\n');
    const rows = Array.from({ length: 30 }, (_, n) => row!.replace('90002', `8${n}`));
    await importText([heading, ...rows].join('\n'));
    const cut = [heading, ...rows.slice(0, 14)].join('\n');
    expect(await importText(cut)).toEqual({ fault: expect.stringContaining('lacks 16 of the 30') });
    expect((await list()).totalCount).toBe(30);
    expect(await importText(cut, { acceptsRemovals: true })).toMatchObject({ removed: 16 });
    expect((await list()).totalCount).toBe(14);
  });
});
