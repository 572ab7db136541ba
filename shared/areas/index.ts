/** Areas of Germany by their official keys (AGS): which exist, what a client may name, where their borders run. */
export { areaToday } from './areas.js';
export { checkAreaArguments } from './arguments.js';
export { kilometresOutside } from './borders.js';
export { formerKreise, kleeblaetter } from './keys.js';
