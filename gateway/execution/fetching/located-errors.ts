import { errorCodeDef, ERRORS } from '@apollo/federation-internals';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Run, Spot } from './run.js';
import { placesOf } from './entity-locations.js';

type Path = readonly (string | number)[];

/** For each representation that was sent, the positions in the spot of the objects it stands for. */
export type Targets = readonly (readonly number[])[];

/** What a subgraph said of its own question, as errors of the client's operation. */
export function locatedErrors(
  errors: readonly GraphQLFormattedError[],
  subgraph: string,
  { data }: Run,
  { path }: Spot,
  targets: Targets | undefined,
): GraphQLError[] {
  if (!targets) {
    return errors.map((error) =>
      clientError(error, subgraph, error.path && [...path, ...error.path]),
    );
  }
  const places = placesOf(data, path);
  const told = errors.flatMap((error) =>
    positionsOf(error, targets).map((position) => ({ error, position })),
  );
  // In the order of the objects, as if each had been asked for by itself.
  if (targets.some(({ length }) => length > 1)) {
    told.sort((one, other) => (one.position ?? -1) - (other.position ?? -1));
  }
  return told.map(({ error, position }) => {
    if (position === undefined) {
      return clientError(error, subgraph, error.path && [...path, ...error.path]);
    }
    const below = error.path?.slice(2) ?? [];
    return clientError(error, subgraph, [...(places[position] ?? []), ...below]);
  });
}

/** All objects an error is about; undefined for one that is about the whole question. */
function positionsOf({ path }: GraphQLFormattedError, targets: Targets) {
  const sent = path?.[1];
  if (typeof sent !== 'number') return [undefined];
  return targets[sent] ?? [-1];
}

function clientError(
  error: GraphQLFormattedError,
  serviceName: string,
  path: Path | undefined,
): GraphQLError {
  const { extensions } = error;
  const message = error.message || `Error while fetching subquery from service "${serviceName}"`;
  const options = {
    ...(path ? { path } : {}),
    extensions: { ...extensions, serviceName },
  };
  const known = errorCodeDef(error);
  if (!known && extensions?.['code']) return new GraphQLError(message, options);
  return (known ?? ERRORS.DOWNSTREAM_SERVICE_ERROR).err(message, options);
}
