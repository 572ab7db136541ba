/**
 * Patient transport platoon of Nordrhein-Westfalen (Patiententransport-Zug 10 NRW): a unit that is called as one and
 * carries ten patients, eight lying in its ambulances and two sitting beside them. Five of them serve one
 * Behandlungsplatz-Bereitschaft 50.
 */
export const PTZ_10_NRW = {
  commandVehicles: 1,
  rtw: 4,
  ktw: 4,
  emergencyPhysicians: 2,
  lying: 8,
  sitting: 2,
} as const;

/** How many patients a number of these platoons carries at once. */
export function placesOfPlatoons(platoons: number): { lying: number; sitting: number } {
  return { lying: platoons * PTZ_10_NRW.lying, sitting: platoons * PTZ_10_NRW.sitting };
}
