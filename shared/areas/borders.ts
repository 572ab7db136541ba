import { readFileSync } from 'node:fs';
import { projectPath } from '../root.js';

/** A position on the map, WGS 84. */
export interface Position {
  /** Degrees north. */
  latitude: number;
  /** Degrees east. */
  longitude: number;
}

/** A closed line of the border of a Kreis, as degrees east and north. */
type Ring = readonly (readonly [number, number])[];

/** The used part of a TopoJSON file with whole-numbered coordinates (github.com/topojson/topojson-specification). */
interface Topology {
  transform: { scale: [number, number]; translate: [number, number] };
  arcs: [number, number][][];
  objects: { kreise: { geometries: Geometry[] } };
}
type Geometry = { properties: { ags: string } } & (
  { type: 'Polygon'; arcs: number[][] } | { type: 'MultiPolygon'; arcs: number[][][] }
);

const EARTH_RADIUS_KM = 6371;
const radians = (degrees: number) => (degrees * Math.PI) / 180;

let borders: ReadonlyMap<string, Ring[]> | undefined;

/**
 * Returns how many kilometres a position lies outside a Kreis (AGS of five digits, borders of 2021, a few hundred metres
 * exact): 0 inside, undefined where no such Kreis is known.
 */
export function kilometresOutside(kreis: string, position: Position): number | undefined {
  borders ??= readBorders();
  const rings = borders.get(kreis);
  if (!rings) return undefined;
  if (isInside(rings, position)) return 0;
  return Math.min(...rings.map((ring) => kilometresTo(ring, position)));
}

function readBorders(): Map<string, Ring[]> {
  const file = projectPath('data', 'geo', 'kreise_2021.topo.json');
  const { transform, arcs, objects } = JSON.parse(readFileSync(file, 'utf8')) as Topology;
  const lines = arcs.map((arc) => lineOf(arc, transform));
  const ringOf = (indices: readonly number[]): Ring =>
    // A negative index is the complement of an arc that is followed backwards.
    indices.flatMap((index) => (index < 0 ? lines[~index]!.toReversed() : lines[index]!));
  return new Map(
    objects.kreise.geometries.map((geometry) => [
      geometry.properties.ags,
      (geometry.type === 'Polygon' ? geometry.arcs : geometry.arcs.flat()).map(ringOf),
    ]),
  );
}

/** Each point is given as its difference from the one before. */
function lineOf(arc: readonly [number, number][], { scale, translate }: Topology['transform']) {
  let x = 0;
  let y = 0;
  return arc.map(([dx, dy]): [number, number] => {
    x += dx;
    y += dy;
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
}

/** By how often a line to the north crosses the border: an odd number inside, also around holes. */
function isInside(rings: readonly Ring[], { latitude, longitude }: Position): boolean {
  let inside = false;
  for (const ring of rings) {
    for (const [index, [east, north]] of ring.entries()) {
      const [eastBefore, northBefore] = ring.at(index - 1)!;
      if (east > longitude === eastBefore > longitude) continue;
      const share = (longitude - east) / (eastBefore - east);
      if (latitude < north + share * (northBefore - north)) inside = !inside;
    }
  }
  return inside;
}

function kilometresTo(ring: Ring, position: Position): number {
  const { latitude, longitude } = position;
  let least = Infinity;
  for (const [index, [east, north]] of ring.entries()) {
    const [eastBefore, northBefore] = ring.at(index - 1)!;
    // The nearest point of the piece of border, on a plane where a degree east is as long as it is there.
    const shrink = Math.cos(radians(north));
    const [dx, dy] = [(eastBefore - east) * shrink, northBefore - north];
    const along =
      ((longitude - east) * shrink * dx + (latitude - north) * dy) / (dx * dx + dy * dy);
    const share = Number.isFinite(along) ? Math.min(1, Math.max(0, along)) : 0;
    const nearest = {
      latitude: north + share * (northBefore - north),
      longitude: east + share * (eastBefore - east),
    };
    least = Math.min(least, greatCircle(position, nearest));
  }
  return least;
}

function greatCircle(from: Position, to: Position): number {
  const north = Math.sin(radians(to.latitude - from.latitude) / 2) ** 2;
  const east = Math.sin(radians(to.longitude - from.longitude) / 2) ** 2;
  const both = Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude));
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(Math.min(1, north + both * east)));
}
