import type { PoolClient } from 'pg';

/** One attempt at work that another service must do. Its holder has the lease: no other process runs it meanwhile. */
export interface Job<Input = unknown> {
  /** Equal for all attempts, and so the idempotency key of the request to the other service. */
  id: string;
  kind: string;
  /** Id of the entity that the job belongs to. Due jobs of one subject run in the order in which they were added. */
  subject: string;
  /** The operation with its input; stored as JSON and never changed, because every attempt must send the same request. */
  input: Input;
  /** Pseudonym of the person on whose behalf it is done. */
  actor: string;
  createdAt: Date;
  /** Counted from 1, which is the attempt of the process that added the job. */
  attempt: number;
  leasedUntil: Date;
}

/** A kind of job: how the other service is called, and what its response changes here. */
export interface JobKind<Input, Result, Outcome extends object, Locked> {
  /** Stored with each of its jobs: `<concept>.<verb>`, such as `allocation.confirm`. */
  readonly name: string;
  /** The name in the release before: its replicas may still add jobs under it, and they are run too. */
  readonly formerName?: string;
  /**
   * Calls the other service, outside any transaction. Several attempts may do so, and the response may be lost: it must be
   * harmless to repeat.
   */
  call(job: Job<Input>): Promise<Result>;
  /** Locks the rows that the outcome changes. They are locked before the row of the job, in every transaction. */
  lock(db: PoolClient, job: Job<Input>): Promise<Locked>;
  /** Records what follows from the result, in the transaction in which the job is done; once for each job. */
  record(
    db: PoolClient,
    job: Job<Input>,
    result: Result,
    locked: Locked,
  ): Promise<JobOutcome<Outcome>>;
  /**
   * Another attempt was recorded first, with this outcome. Adds the jobs that undo what this attempt got and nobody will use,
   * and returns them.
   */
  recordLate?(
    db: PoolClient,
    job: Job<Input>,
    result: Result,
    late: { locked: Locked; outcome: Outcome },
  ): Promise<Job[]>;
  /** Whether recording fails because of a concurrent transaction, so that it succeeds when it is repeated at once. */
  isConflict?(error: unknown): boolean;
}

/** The recorded result of a job, and the jobs that follow. */
export interface JobOutcome<Outcome extends object> {
  /** Stored with the job, as JSON. */
  outcome: Outcome;
  /** Jobs that were added; they run next. */
  next?: readonly Job[];
  /** Of `next` the one that does the work instead: its outcome is the one that a request waits for. */
  continuedBy?: Job;
}
