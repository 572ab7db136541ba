import { existsSync } from 'node:fs';
import { databaseSources } from '../../shared/database/migrate.js';
import { readFunctions } from '../../shared/database/function-files.js';
import { SUBGRAPHS } from '../../shared/env.js';
import { projectPath } from '../../shared/root.js';

describe.each(SUBGRAPHS)('the function files of %s', (name) => {
  test('begin with the rule and name tests that exist', async () => {
    const files = await readFunctions(databaseSources(name).functions);
    expect(files.length).toBeGreaterThan(0);
    for (const { path, sql } of files) {
      const head = /^(-- .*\n|--\n)+/.exec(sql)?.[0].replaceAll('\n-- ', ' ') ?? '';
      const [rule, tests] = head.split('Tests: ');
      expect([path, rule]).toEqual([path, expect.stringMatching(/^-- Rule: \w.*\./s)]);
      const missing = (tests ?? '-')
        .trim()
        .split(/,\s+/)
        .filter((test) => !existsSync(projectPath(test)));
      expect([path, ...missing]).toEqual([path]);
    }
  });
});
