import { readImportRequest } from './import-request.js';

test.each([
  [['medicines', 'list.csv'], { list: 'medicines', file: 'list.csv', acceptsRemovals: false }],
  [
    ['notices', 'list.csv', '--accept-removals'],
    { list: 'notices', file: 'list.csv', acceptsRemovals: true },
  ],
])('%j is understood', (args, request) => {
  expect(readImportRequest(args)).toEqual(request);
});

test.each([
  [[]],
  [['medicines']],
  [['patients', 'list.csv']],
  [['medicines', 'a.csv', 'b.csv']],
  [['medicines', 'a.csv', '--accept-removals']],
  [['notices', 'a.csv', '--force']],
])('%j is refused with the usage', (args) => {
  expect(() => readImportRequest(args)).toThrow('npm run import:medicines -- FILE');
});
