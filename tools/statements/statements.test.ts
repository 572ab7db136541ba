import { readFileSync } from 'node:fs';
import { projectPath } from '../../shared/root.js';
import { runToEnd } from '../../tests/run-to-end.js';

const EXAMPLES = 'tools/statements/testing/examples.ts';

test('statements that a migrated database refuses, or whose rows are declared otherwise, are named with their line', async () => {
  const { status, stderr } = await runToEnd([
    projectPath('dist/tools/check-statements.js'),
    EXAMPLES,
  ]);
  const source = readFileSync(projectPath(EXAMPLES), 'utf8').split('\n');
  const problems = [...stderr.matchAll(/^\S+\.ts:(\d+): (.*?)(?:, in)?$/gm)].map(
    ([, line, problem]) => [
      /(?:const|function) (\w+)/.exec(
        source.slice(0, Number(line)).findLast((one) => /^(export|async)/.test(one))!,
      )![1],
      problem,
    ],
  );
  expect(problems).toEqual([
    ['unknownColumn', 'column "no_such_column" does not exist'],
    ['tooFewValues', 'the statement has 2 parameters, and 1 values are passed'],
    ['missingColumn', 'the row declares name, which the statement does not return'],
    ['countAsNumber', 'count is int8, and the row declares number'],
    ['forgottenNull', 'operable can be null, and the row declares number'],
    ['lackingLabel', 'tier can be MODELLED, and the row declares "OWN"'],
    ['listOfEnum', 'limitations is _Limitation, and the row declares string[]'],
    ['undeclaredRow', 'rows are read, and no type is declared for them'],
    ['oneBranchWrong', 'column f.areas does not exist'],
    ['firstOf', 'id is uuid, and the row declares number'],
    ['unknownText', 'text is not known before the program runs'],
  ]);
  expect(status).toBe(1);
});
