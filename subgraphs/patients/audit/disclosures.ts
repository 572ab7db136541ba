import type { GraphQLResolveInfo } from 'graphql';
import { ofReader } from '../../../shared/audit/index.js';
import type { Caller } from '../../../shared/identity/index.js';
import type { AuditPurpose } from '../generated/graphql.js';
import { criteriaOf } from './criteria.js';
import { NO_DETAIL, type Reading } from './entries.js';
import type { DisclosedPatients, DisclosedPatient } from './relations.js';
import { purposeOf } from './rules.js';

/** The path to one list or one object of a request. */
interface ReadPath {
  info: GraphQLResolveInfo;
  /** Response names of the fields on the path. */
  names: readonly string[];
  byVehicle: boolean;
  disclosed: Promise<DisclosedPatients>[];
}

/** Collects the patients whom one request discloses. */
export class Disclosures {
  readonly #caller: Caller;
  readonly #isRecorded: (type: string) => boolean;
  readonly #objects = new WeakSet<object>();
  readonly #paths = new Map<string, ReadPath>();
  readonly #covered = new Set<string>();

  /** `isRecorded` returns whether objects of a type disclose a person. */
  constructor(caller: Caller, isRecorded: (type: string) => boolean) {
    this.#caller = caller;
    this.#isRecorded = isRecorded;
  }

  /** Excludes a patient whose entry is already written, with the purpose that the reader stated. */
  cover(patient: string): void {
    this.#covered.add(patient);
  }

  covers(patient: string): boolean {
    return this.#covered.has(patient);
  }

  /** Notes that a field of an object is read; calls `disclose` once for each object. */
  note(
    info: GraphQLResolveInfo,
    disclose: () => DisclosedPatients | Promise<DisclosedPatients>,
  ): void {
    const object = info.path.prev;
    // All fields of one object share the path to it.
    if (!object || this.#objects.has(object)) return;
    this.#objects.add(object);
    void this.#note(info, disclose);
  }

  /**
   * Notes that a field returns a refusal that discloses a patient, whatever is selected of it. Rejects if the patient cannot be
   * determined: the refusal must not be returned then.
   */
  async noteRefusal(
    info: GraphQLResolveInfo,
    disclose: () => DisclosedPatients | Promise<DisclosedPatients>,
  ): Promise<unknown> {
    return this.#note(info, disclose);
  }

  #note(
    info: GraphQLResolveInfo,
    disclose: () => DisclosedPatients | Promise<DisclosedPatients>,
  ): Promise<DisclosedPatients> {
    const { names, byVehicle } = this.#pathTo(info);
    const key = `${byVehicle} ${names.join('.')}`;
    const path = this.#paths.get(key) ?? { info, names, byVehicle, disclosed: [] };
    this.#paths.set(key, path);
    const found = Promise.resolve(disclose());
    found.catch(() => {}); // the resolver of the object meets the same failure and discloses nothing
    path.disclosed.push(found);
    return found;
  }

  /** Returns one reading for each path and purpose: a list is one, whatever the number of its patients. */
  async readings(): Promise<Reading[]> {
    const perPath = [...this.#paths.values()].map(async ({ info, names, byVehicle, disclosed }) => {
      const results = await Promise.allSettled(disclosed);
      const found = results.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
      const seen = found.filter(
        (one) => one !== undefined && !this.covers(one.patient),
      ) as DisclosedPatient[];
      const byPurpose = new Map<AuditPurpose, DisclosedPatient[]>();
      for (const one of seen) {
        const purpose = purposeOf({ ...one, byVehicle });
        const some = byPurpose.get(purpose);
        if (some) some.push(one);
        else byPurpose.set(purpose, [one]);
      }
      const about = criteriaOf(info, names);
      return [...byPurpose].map(([purpose, some]): Reading => {
        const patients = [...new Set(some.map(({ patient }) => patient))];
        const transfers = new Set(some.flatMap((one) => one.transfer ?? []));
        const isOne = patients.length === 1 && transfers.size === 1;
        return {
          ...NO_DETAIL,
          ...ofReader(this.#caller),
          ...about,
          action: 'READ',
          purpose,
          found: true,
          patients,
          count: patients.length,
          transfer: isOne ? [...transfers][0]! : null,
        };
      });
    });
    return (await Promise.all(perPath)).flat();
  }

  /** Returns the path to the outermost object that discloses a person: reads below it are part of the same read. */
  #pathTo({ path }: GraphQLResolveInfo) {
    const steps = [];
    for (let at: GraphQLResolveInfo['path'] | undefined = path; at; at = at.prev) steps.push(at);
    steps.reverse();
    const outermost = steps.findIndex(({ typename }) => this.#isRecorded(typename ?? ''));
    const names = steps
      .slice(0, outermost < 0 ? undefined : outermost)
      .flatMap(({ key }) => (typeof key === 'string' ? key : []));
    return { names, byVehicle: steps.some(({ typename }) => typename === 'Vehicle') };
  }
}
