import { judgePosition } from './rules.js';

const position = { latitude: 50.9, longitude: 6.9 };

test.each([0, 49.9, 50])('a position %d km outside its Kreis is accepted', (km) => {
  expect(judgePosition(position, '05315', km)).toBeUndefined();
});

test.each([50.1, 4_900])('a position %d km outside its Kreis is refused', (km) => {
  expect(judgePosition(position, '05315', km)).toEqual({
    __typename: 'InvalidPosition',
    field: 'position',
    message: expect.stringContaining(`${Math.round(km)} km away`),
    ...position,
  });
});
