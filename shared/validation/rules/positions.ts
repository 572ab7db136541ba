/** Returns what is wrong with a position (WGS 84, degrees), as a sentence for the caller; undefined when nothing is. */
export function positionFault({
  latitude,
  longitude,
}: {
  latitude: number;
  longitude: number;
}): string | undefined {
  if (!(Math.abs(latitude) <= 90)) {
    return `latitude lies between -90 and 90 degrees; received ${latitude}.`;
  }
  if (!(Math.abs(longitude) <= 180)) {
    return `longitude lies between -180 and 180 degrees; received ${longitude}.`;
  }
  return undefined;
}
