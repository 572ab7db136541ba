import fc from 'fast-check';
import { DAY_MINUTES, DAY_MS, MINUTE_MS } from '../../../shared/time/rules.js';
import { openDatabase, type Database } from '../database/database.js';
import { capacityWorld, type CapacityWorld } from '../testing/capacity-world.js';
import { ClaimsModel, isKept } from '../testing/claims-model.js';
import { facilitiesOf, report, send } from '../testing/reports.js';
import { declareIntake, reserve, transition, slotRequest } from '../testing/reservations.js';
import { finalizeReported, publishLapsed } from './store-timers.js';

const CATEGORIES = ['ICU_UNSPECIFIED', 'NORMAL_WARD'] as const;
const CRISIS_STAFF = { role: 'crisis-staff', areas: [''] };

let world: CapacityWorld;
let database: Database;
let facilities: string[];
let unique = 0;
beforeAll(async () => {
  world = await capacityWorld();
  database = openDatabase(world.databaseUrl);
  facilities = await facilitiesOf(world, '', 500);
});
afterAll(async () => {
  await database.close();
  await world.close();
});

const facility = fc.nat(1);
const category = fc.constantFrom(...CATEGORIES);
const slot = fc.constantFrom(...CATEGORIES, 'SK_I');
const small = (max: number) => fc.integer({ min: 1, max });
/** Makes it likely that later actions find something to act on. */
const mostly = <T>(arbitrary: fc.Arbitrary<T>) => ({ arbitrary, weight: 4 });
const often = <T>(parts: { [K in keyof T]: fc.Arbitrary<T[K]> }) => mostly(fc.record(parts));
const action = fc.oneof(
  often({
    action: fc.constant('report'),
    facility,
    category,
    isModelled: fc.boolean(),
    operable: fc.integer({ min: 2, max: 16 }),
    occupied: fc.nat(8),
    blocked: fc.nat(2),
    minutesAgo: fc.oneof(mostly(fc.constant(0)), fc.integer({ min: -5, max: 26 * 60 })),
  }),
  often({
    action: fc.constant('reserve'),
    items: fc.array(fc.record({ facility, slot, count: small(3) }), { minLength: 1, maxLength: 3 }),
    mode: fc.constantFrom('ALL_OR_NOTHING', 'AS_MANY_AS_POSSIBLE'),
    acceptStale: fc.boolean(),
    minutes: fc.oneof(fc.constant(undefined), small(DAY_MINUTES)),
  }),
  often({
    action: fc.constant('step'),
    step: fc.constantFrom('confirm', 'redeem', 'release'),
    reservation: fc.nat(2),
    item: fc.oneof(fc.constant(undefined), fc.nat(3)),
  }),
  fc.record({
    action: fc.constant('wait'),
    minutes: fc.oneof(mostly(small(20)), small(25 * 60)),
  }),
  fc.record({ action: fc.constant('finalize') }),
  fc.record({ action: fc.constant('intake'), facility, limit: fc.nat(6) }),
  fc.record({ action: fc.constant('hold'), facility, category, count: small(3) }),
  fc.record({ action: fc.constant('release hold'), hold: fc.nat(3), count: small(2) }),
  fc.record({ action: fc.constant('crisis') }),
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;
type Of<Name> = Extract<Action, { action: Name }>;

/** Two facilities on which actions are done, and what the rules say of them. */
class Scene {
  readonly model = new ClaimsModel();
  readonly #ids = facilities.splice(0, 2);
  readonly #reservations: string[] = [];
  #crisis: string | undefined;

  /** Fresh numbers everywhere, so that there is something to give. */
  async begin(): Promise<void> {
    for (const [n] of this.#ids.entries()) {
      for (const name of CATEGORIES) {
        const numbers = { operable: 9, occupied: 2, blocked: 0, minutesAgo: 0 };
        await this.do({
          action: 'report',
          facility: n,
          category: name,
          isModelled: false,
          ...numbers,
        });
      }
      await this.do({ action: 'intake', facility: n, limit: 4 });
    }
  }

  async do(next: Action): Promise<void> {
    switch (next.action) {
      case 'report':
        return this.#report(next);
      case 'reserve':
        return this.#reserve(next);
      case 'step':
        return this.#step(next);
      case 'wait':
        world.later(next.minutes);
        return;
      case 'finalize':
        await publishLapsed(database, world.clock.now);
        return finalizeReported(database, world.clock.now);
      case 'intake':
        return this.#declareIntake(next);
      case 'hold':
        return this.#hold(next);
      case 'release hold':
        return this.#releaseHold(next);
      case 'crisis':
        return this.#crisis === undefined ? this.#declareCrisis() : this.endCrisis();
    }
  }

  /** Every number of both facilities against what the model says. */
  async check(): Promise<void> {
    const now = world.clock.now.getTime();
    for (const id of this.#ids) {
      const { data } = await world.request(
        `query ($id: ID!) { facility(id: $id) { intake { category limit reserved free } beds {
          category operable occupied reserved blocked held free overcommitted stale } } }`,
        { id },
      );
      const { beds, intake } = data.facility;
      const shown = new Map(beds.map(({ category: name, ...rest }: any) => [name, rest]));
      for (const name of CATEGORIES) {
        expect(shown.get(name) ?? null).toEqual(this.model.bedsOf(id, name, now));
      }
      const sk1 = intake.find(({ category: name }: any) => name === 'SK_I');
      const expected = this.model.intakeOf(id, now);
      expect(sk1 ?? null).toEqual(expected && { category: 'SK_I', ...expected });
    }
  }

  async #report({ isModelled, minutesAgo, ...given }: Of<'report'>): Promise<void> {
    const { operable, occupied, blocked } = given;
    const at = world.clock.now.getTime() - minutesAgo * MINUTE_MS;
    const id = this.#ids[given.facility]!;
    await send(
      world,
      report(world, id, {
        category: given.category,
        operable,
        occupied,
        blocked,
        method: isModelled ? 'MODELLED' : 'REPORTED',
        source: `source ${unique++}`,
        observedAt: new Date(at).toISOString(),
      }),
    );
    this.model.reports.push({
      facility: id,
      slot: given.category,
      isModelled,
      observedAt: at,
      knownAt: Math.min(at, world.clock.now.getTime()),
      operable,
      occupied,
      blocked,
    });
  }

  async #reserve({ items, mode, acceptStale, minutes }: Of<'reserve'>): Promise<void> {
    const now = world.clock.now.getTime();
    const slotRequests = items.map((item) => ({ ...item, facility: this.#ids[item.facility]! }));
    const expiresAt = now + (minutes ?? 30) * MINUTE_MS;
    const outcome = await reserve(
      world,
      slotRequests.map((item) =>
        slotRequest(item.facility, {
          ...(item.slot === 'SK_I' ? { category: null, intake: 'SK_I' } : { category: item.slot }),
          count: item.count,
        }),
      ),
      { mode, acceptStale, ...(minutes && { until: new Date(expiresAt).toISOString() }) },
    );
    const granted = this.model.grants(slotRequests, mode, acceptStale, now);
    expect(outcome.__typename).toBe(granted ? 'Reservation' : 'NoFreeSlot');
    if (!granted) return;
    expect(outcome.items.map(({ count }: { count: number }) => count)).toEqual(granted);
    this.#reservations.push(outcome.id);
    for (const [n, { facility: id, slot: name }] of slotRequests.entries()) {
      this.model.items.push({
        id: outcome.items[n].id,
        reservation: outcome.id,
        facility: id,
        slot: name,
        count: granted[n]!,
        expiresAt,
        isConfirmed: false,
        isReleased: false,
        redeemedAt: undefined,
      });
    }
    for (const id of this.#ids) {
      const intake = this.model.intakeOf(id, now);
      const isGiven = slotRequests.some(
        (item, n) => item.facility === id && item.slot === 'SK_I' && granted[n]! > 0,
      );
      if (intake && isGiven) expect(intake.reserved).toBeLessThanOrEqual(intake.limit);
    }
  }

  async #step({ step, reservation, item }: Of<'step'>): Promise<void> {
    const id = this.#reservations.at(-1 - reservation);
    if (id === undefined) return;
    const now = world.clock.now.getTime();
    const all = this.model.items.filter((one) => one.reservation === id);
    const meant = item === undefined ? all : [all[item % all.length]!];
    await transition(world, step, id, item === undefined ? {} : { items: [meant[0]!.id] });
    // Kept items move on; ended items stay as they are, whether the step was refused or had nothing to do.
    for (const one of meant.filter((candidate) => isKept(candidate, now))) {
      if (step === 'redeem') one.redeemedAt = now;
      if (step === 'release') one.isReleased = true;
      if (step === 'confirm' && !one.isConfirmed) {
        one.expiresAt = now + DAY_MS;
        one.isConfirmed = true;
      }
    }
  }

  async #declareIntake({ facility: n, limit }: Of<'intake'>): Promise<void> {
    world.later(1);
    const id = this.#ids[n]!;
    await declareIntake(world, id, { immediate: limit });
    this.model.limits.push({ facility: id, limit, at: world.clock.now.getTime() });
    world.later(1);
  }

  async #hold({ facility: n, category: name, count }: Of<'hold'>): Promise<void> {
    const id = this.#ids[n]!;
    const { data } = await world.request(
      `mutation ($input: HoldBedsInput!) { holdBeds(input: $input) { __typename ... on Hold { id } } }`,
      {
        input: {
          facility: id,
          category: name,
          count,
          countsFrom: 'MASS_CASUALTY',
          reason: 'for the property',
          idempotencyKey: `hold ${unique++}`,
        },
      },
      CRISIS_STAFF,
    );
    if (data.holdBeds.__typename !== 'Hold') return;
    this.model.holds.push({ facility: id, slot: name, count, id: data.holdBeds.id });
  }

  async #releaseHold({ hold, count }: Of<'release hold'>): Promise<void> {
    const held = this.model.holds.at(-1 - hold);
    if (!held) return;
    const { data } = await world.request(
      `mutation ($input: ReleaseHoldInput!) { releaseHold(input: $input) { __typename } }`,
      {
        input: {
          hold: held.id,
          count,
          reason: 'for the property',
          idempotencyKey: `hold ${unique++}`,
        },
      },
      CRISIS_STAFF,
    );
    expect(data.releaseHold.__typename).toBe(count <= held.count ? 'Hold' : 'HoldExhausted');
    if (count <= held.count) held.count -= count;
  }

  async #declareCrisis(): Promise<void> {
    const { data } = await world.request(
      `mutation ($input: DeclarePhaseInput!) { declarePhase(input: $input) { ... on PhaseDeclaration { id } } }`,
      {
        input: {
          area: '',
          phase: 'MASS_CASUALTY',
          hazard: 'MASS_CASUALTY',
          legalBasis: 'for the property',
          idempotencyKey: `phase ${unique++}`,
        },
      },
      CRISIS_STAFF,
    );
    this.#crisis = data.declarePhase.id;
    this.model.isCrisis = true;
  }

  async endCrisis(): Promise<void> {
    if (this.#crisis === undefined) return;
    await world.request(
      `mutation ($input: EndPhaseInput!) { endPhase(input: $input) { __typename } }`,
      { input: { phase: this.#crisis, reason: 'for the property' } },
      CRISIS_STAFF,
    );
    this.#crisis = undefined;
    this.model.isCrisis = false;
  }
}

test('after whatever is done in whatever order, every number is what the formula says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 10, maxLength: 30, size: 'max' }),
      async (actions) => {
        const scene = new Scene();
        try {
          await scene.begin();
          for (const next of actions) {
            await scene.do(next);
            await scene.check();
          }
        } finally {
          await scene.endCrisis();
        }
      },
    ),
    { numRuns: 20 },
  );
});
