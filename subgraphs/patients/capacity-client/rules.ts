export { unknownFacility } from '../../../shared/validation/rules.js';

/** Returns the region of an AGS prefix, whose fields capacity resolves; the empty prefix is Germany. */
export function regionOf(area: string): { code: string } {
  return { code: area === '' ? 'DE' : area };
}
