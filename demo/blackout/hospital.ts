/** A hospital whose grid has failed, as it knows itself. Hours are played hours since the failure. */
export interface Hospital {
  id: string;
  name: string;
  /** AGS of its Kreis. */
  kreis: string;
  intensiveBeds: number;
  /** Litres in its tanks, and litres per hour. */
  fuel: number;
  load: number;
  /** Hours that its fuel lasted when the grid failed. */
  lastedAtFirst: number;
  leastHours: number;
  /** The request for diesel, with the litres of it that no lorry has loaded yet. */
  request: { id: string; line: string; litres: number } | undefined;
  onTheWay: boolean;
  received: number;
  failedAt: number | undefined;
  leftPlanAt: number | undefined;
  returnedAt: number | undefined;
}

export function hoursLeft({ fuel, load }: Pick<Hospital, 'fuel' | 'load'>): number {
  return fuel / load;
}

/** Draws on the fuel from one played hour to another one, and notes the hour at which the lights went out. */
export function draw(hospital: Hospital, from: number, to: number): void {
  const lasts = hoursLeft(hospital);
  if (lasts < to - from) hospital.failedAt ??= from + lasts;
  hospital.fuel = Math.max(0, hospital.fuel - hospital.load * (to - from));
  hospital.leastHours = Math.min(hospital.leastHours, hoursLeft(hospital));
}

/** Notes whether the hub counts on the hospital: when it left the plan first, and when it returned to it last. */
export function notePlan(hospital: Hospital, isOut: boolean, hour: number): void {
  if (isOut) {
    hospital.leftPlanAt ??= hour;
    hospital.returnedAt = undefined;
  } else if (hospital.leftPlanAt !== undefined) {
    hospital.returnedAt ??= hour;
  }
}

/** Whether the hospital is out of the plan, as far as was noted. */
export function isOutOfPlan({ leftPlanAt, returnedAt }: Hospital): boolean {
  return leftPlanAt !== undefined && returnedAt === undefined;
}
