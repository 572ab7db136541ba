import { kilometresOutside } from '../../../shared/areas/borders.js';
import { sceneIn, scenes } from '../../client/scene.js';
import { scenesAround, syntheticCasualties } from './casualties.js';

test('the same seed gives the same casualties, and another seed gives other casualties', () => {
  const first = syntheticCasualties(500, 5, 3);
  expect(syntheticCasualties(500, 5, 3)).toEqual(first);
  expect(syntheticCasualties(500, 5, 4)).not.toEqual(first);
});

test('casualties have the categories in the shares of the clinics around Ulm, at all scenes, each with a unique tag', () => {
  const casualties = syntheticCasualties(4_990, 5, 1);
  const surplus = (category: string, expected: number) =>
    Math.abs(casualties.filter((one) => one.category === category).length / expected - 1);
  expect(surplus('SK_I', 450)).toBeLessThan(0.1);
  expect(surplus('SK_II', 1_210)).toBeLessThan(0.1);
  expect(surplus('SK_III', 3_330)).toBeLessThan(0.1);
  for (let scene = 0; scene < 5; scene += 1) {
    expect(casualties.filter((one) => one.scene === scene).length).toBeGreaterThan(850);
  }
  expect(new Set(casualties.map(({ tag }) => tag)).size).toBe(4_990);
});

test('a physician escorts every SK I casualty, and no SK III casualty has a head injury', () => {
  const casualties = syntheticCasualties(1_000, 1, 1);
  expect(casualties.every((one) => one.physicianEscort === (one.category === 'SK_I'))).toBe(true);
  const injured = casualties.filter(({ needs }) => needs.includes('NEUROSURGERY'));
  expect(injured.length).toBeGreaterThan(0);
  expect(injured.some(({ category }) => category === 'SK_III')).toBe(false);
});

test('the hub accepts the position of every scene, in every Kreis', () => {
  const all = scenes();
  for (const scene of all) {
    for (const { position } of scenesAround(scene, all, 50)) {
      expect(kilometresOutside(scene.area, position)).toBeLessThanOrEqual(50);
    }
  }
});

test('the scenes are the Kreis itself and those nearest to it', () => {
  const areas = scenesAround(sceneIn('05315'), scenes(), 5).map(({ area }) => area);
  expect(areas[0]).toBe('05315');
  // All Kreise around Cologne lie in Nordrhein-Westfalen.
  expect(areas.every((area) => area.startsWith('05'))).toBe(true);
  expect(new Set(areas).size).toBe(5);
});
