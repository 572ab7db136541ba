import type {
  DeclareIncidentMutation,
  RegisterCasualtiesMutation,
} from './generated/operations.js';

/** Returns the declared incident. Throws with the message of a refusal. */
export function incidentOf({ declareIncident }: DeclareIncidentMutation): { id: string } {
  if (declareIncident?.__typename === 'Incident') return declareIncident;
  throw new Error(`The hub refused the incident: ${declareIncident?.message ?? ''}`);
}

/** Returns the ids of the registered patients; a refused casualty has none. Throws with the message of a refusal. */
export function patientsOf({ registerCasualties }: RegisterCasualtiesMutation): string[] {
  if (registerCasualties?.__typename === 'RegisteredCasualties') {
    return registerCasualties.outcomes.flatMap((outcome) =>
      outcome && 'id' in outcome ? [outcome.id] : [],
    );
  }
  throw new Error(`The hub refused the casualties: ${registerCasualties?.message ?? ''}`);
}
