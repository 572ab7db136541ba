import { UNKNOWN_ID } from '../../../../shared/testing/unknown-id.js';
import { capacityWorld, type CapacityWorld } from '../../testing/capacity-world.js';
import {
  reservationOf,
  ReservationScene,
  reserve,
  statusesOf,
  transitionRaw,
  transition,
  slotRequest,
  type ReservationAct,
} from '../../testing/reservations.js';

let world: CapacityWorld;
let scene: ReservationScene;

beforeAll(async () => {
  world = await capacityWorld();
  scene = await ReservationScene.in(world);
});
afterAll(async () => {
  await world.close();
});

const areaOf = async (facility: string) =>
  (await world.pool.query('SELECT area FROM facility WHERE id = $1', [facility])).rows[0]
    .area as string;
const originElsewhere = (area: string) => (area.startsWith('05') ? '09162' : '05315');

describe('a step is refused', () => {
  const acts: ReservationAct[] = ['confirm', 'redeem', 'release'];

  test.each(acts)('%s: for a reservation that does not exist', async (act) => {
    for (const id of [UNKNOWN_ID, 'not an id']) {
      expect(await transition(world, act, id)).toMatchObject({
        __typename: 'UnknownReservation',
        reservationId: id,
      });
    }
  });

  test.each(acts)('%s: for an item of another reservation', async (act) => {
    const [mine, other] = [await scene.reserved(), await scene.reserved()];
    expect(await transition(world, act, mine.id, { items: other.items })).toMatchObject({
      __typename: 'UnknownReservationItem',
      reservationId: mine.id,
      reservationItemId: other.items[0],
    });
  });

  test.each([
    ['confirm', 'release'],
    ['redeem', 'release'],
    ['release', 'redeem'],
  ] as const)('%s: after %s', async (act, before) => {
    const { id } = await scene.reserved();
    await transition(world, before, id);
    expect(await transition(world, act, id)).toMatchObject({ __typename: 'ReservationEnded' });
  });

  test.each(acts)(
    '%s: by a facility that has none of the slots, as if there were none',
    async (act) => {
      const { id } = await scene.reserved();
      const { data } = await transitionRaw(
        world,
        act,
        { reservation: id },
        { role: 'hospital', facilities: [UNKNOWN_ID] },
      );
      expect(data.outcome).toMatchObject({ __typename: 'UnknownReservation' });
      expect(await reservationOf(world, id)).toMatchObject({ status: 'OPEN' });
    },
  );

  test.each(acts)('%s: with an empty list of items', async (act) => {
    const { id } = await scene.reserved();
    const { errors } = await transitionRaw(world, act, { reservation: id, items: [] });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test.each(acts)('%s: by the staff where the patients come from, who see it', async (act) => {
    const facility = await scene.facilityWith(1);
    const origin = { area: originElsewhere(await areaOf(facility)) };
    const { id } = await reserve(world, [slotRequest(facility)], { origin });
    const who = { role: 'crisis-staff', areas: [origin.area] };
    const { errors } = await transitionRaw(world, act, { reservation: id }, who);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await reservationOf(world, id)).toMatchObject({ status: 'OPEN' });
  });

  test('a facility acts on its own item of a reservation over several and sees no other', async () => {
    const [own, other] = [await scene.facilityWith(1), await scene.facilityWith(1)];
    const { id, items } = await reserve(world, [slotRequest(own), slotRequest(other)]);
    const who = { role: 'hospital', facilities: [own] };
    const foreign = await transitionRaw(
      world,
      'redeem',
      { reservation: id, items: [items[1].id] },
      who,
    );
    expect(foreign.data.outcome).toMatchObject({ __typename: 'UnknownReservationItem' });
    const { data } = await transitionRaw(world, 'redeem', { reservation: id }, who);
    expect(statusesOf(data.outcome)).toEqual(['REDEEMED']);
    expect(statusesOf(await reservationOf(world, id))).toEqual(['REDEEMED', 'OPEN']);
  });
});
