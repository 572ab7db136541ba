import { ReadRecorder, type Reads } from './read-recorder.js';

const STORE = 'mutation RecordReads';
const reader = (by: string) => ({ id: by, by, operation: null });

interface SentBatch {
  operation: string;
  reads: Reads;
  stored: () => void;
  failed: (cause: unknown) => void;
}

/** A recorder whose requests wait until the test answers them. */
function recording() {
  const sent: SentBatch[] = [];
  const recorder = new ReadRecorder(
    (operation, reads) =>
      new Promise((stored, failed) => void sent.push({ operation, reads, stored, failed })),
  );
  return { sent, recorder };
}
const ticks = async () => {
  for (let tick = 0; tick < 5; tick += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('a thousand callers who share a response are one request, which contains the read once', async () => {
  const { sent, recorder } = recording();
  const records = Array.from({ length: 1_000 }, (_, index) =>
    recorder.record(STORE, { disclosed: 'a patient' }, reader(`caller ${index}`)),
  );
  await ticks();
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
  await ticks();
  expect(isStored).toBe(false);
  sent[0]!.stored();
  await record;
});

test('records that could not be stored fail, and those that come later are sent all the same', async () => {
  const { sent, recorder } = recording();
  const failed = ['a', 'b'].map((by) => recorder.record(STORE, { disclosed: 'x' }, reader(by)));
  const outcomes = Promise.allSettled(failed);
  await ticks();
  sent[0]!.failed(new Error('unavailable'));
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const later = recorder.record(STORE, { disclosed: 'x' }, reader('c'));
  await ticks();
  sent[1]!.stored();
  await later;
});

test('few requests are under way at once; what comes meanwhile goes together in the next', async () => {
  const { sent, recorder } = recording();
  for (let request = 0; request < 4; request += 1) {
    void recorder.record(STORE, { disclosed: `${request}` }, reader('a'));
    await ticks();
  }
  const waiting = ['b', 'c', 'd'].map((by) =>
    recorder.record(STORE, { disclosed: by }, reader(by)),
  );
  await ticks();
  expect(sent).toHaveLength(4);
  sent[0]!.stored();
  await ticks();
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
    await ticks();
    sent[request]!.stored();
  }
  await ticks();
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
