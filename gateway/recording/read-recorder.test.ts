import { ReadRecorder, type Reads } from './read-recorder.js';

const STORE = 'mutation RecordReads';
const reader = (by: string) => ({ id: by, by, operation: null });

interface Sent {
  operation: string;
  reads: Reads;
  stored: () => void;
  failed: (cause: unknown) => void;
}

/** A recorder whose requests wait until the test answers them. */
function recording() {
  const sent: Sent[] = [];
  const recorder = new ReadRecorder(
    (operation, reads) =>
      new Promise((stored, failed) => void sent.push({ operation, reads, stored, failed })),
  );
  return { sent, recorder };
}
const turns = async () => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('a thousand callers who share an answer are one request, which says once what they read', async () => {
  const { sent, recorder } = recording();
  const records = Array.from({ length: 1_000 }, (_, index) =>
    recorder.record(STORE, { disclosed: 'a patient' }, reader(`caller ${index}`)),
  );
  await turns();
  expect(sent).toHaveLength(1);
  expect(sent[0]!.reads).toHaveLength(1);
  expect(sent[0]!.reads[0]!.readers.map(({ by }) => by)).toEqual(
    Array.from({ length: 1_000 }, (_, index) => `caller ${index}`),
  );
  sent[0]!.stored();
  await Promise.all(records);
});

test('nothing is said to be stored before it is', async () => {
  const { sent, recorder } = recording();
  let isStored = false;
  const record = recorder.record(STORE, { disclosed: 'x' }, reader('a'));
  void record.then(() => (isStored = true));
  await turns();
  expect(isStored).toBe(false);
  sent[0]!.stored();
  await record;
});

test('records that could not be stored fail, and those that come later are sent all the same', async () => {
  const { sent, recorder } = recording();
  const failed = ['a', 'b'].map((by) => recorder.record(STORE, { disclosed: 'x' }, reader(by)));
  const settled = Promise.allSettled(failed);
  await turns();
  sent[0]!.failed(new Error('away'));
  expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const later = recorder.record(STORE, { disclosed: 'x' }, reader('c'));
  await turns();
  sent[1]!.stored();
  await later;
});

test('few requests are under way at once; what comes meanwhile goes together in the next', async () => {
  const { sent, recorder } = recording();
  for (let request = 0; request < 4; request += 1) {
    void recorder.record(STORE, { disclosed: `${request}` }, reader('a'));
    await turns();
  }
  const waiting = ['b', 'c', 'd'].map((by) =>
    recorder.record(STORE, { disclosed: by }, reader(by)),
  );
  await turns();
  expect(sent).toHaveLength(4);
  sent[0]!.stored();
  await turns();
  expect(sent).toHaveLength(5);
  expect(sent[4]!.reads).toHaveLength(3);
  sent[4]!.stored();
  await Promise.all(waiting);
});

test('a request holds a limited number of records and of characters, and one operation', async () => {
  const { sent, recorder } = recording();
  for (let index = 0; index < 1_500; index += 1) {
    void recorder.record(STORE, { disclosed: 'x' }, reader(`${index}`));
  }
  for (const name of ['y', 'z']) {
    void recorder.record(STORE, { disclosed: name.repeat(700_000) }, reader(name));
  }
  void recorder.record('mutation RecordOthers', { disclosed: 'x' }, reader('other'));
  for (let request = 0; request < 4; request += 1) {
    await turns();
    sent[request]!.stored();
  }
  await turns();
  const sizes = sent.map(({ operation, reads }) => [
    operation,
    reads.reduce((sum, { readers }) => sum + readers.length, 0),
  ]);
  expect(sizes).toEqual([
    [STORE, 1_000],
    [STORE, 501],
    [STORE, 1],
    ['mutation RecordOthers', 1],
  ]);
});
