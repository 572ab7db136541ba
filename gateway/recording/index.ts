/** Recording of reads before a response leaves. */
export { type ReadContent, ReadRecorder, type Reader, type Reads } from './read-recorder.js';
export {
  type RecordedSubscription,
  type Recording,
  SubscriptionRecorder,
} from './watch-records.js';
