import { errorCodeDef, ERRORS } from '@apollo/federation-internals';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Run, Location } from './run.js';
import { pathsOf } from './entity-locations.js';

type Path = readonly (string | number)[];

/** For each representation that was sent, the positions of its objects in the location. */
export type Targets = readonly (readonly number[])[];

/** Turns the errors of a subgraph's response into errors of the client's operation. */
export function locatedErrors(
  errors: readonly GraphQLFormattedError[],
  subgraph: string,
  { data }: Run,
  { path }: Location,
  targets: Targets | undefined,
): GraphQLError[] {
  if (!targets) {
    return errors.map((error) =>
      clientError(error, subgraph, error.path && [...path, ...error.path]),
    );
  }
  const paths = pathsOf(data, path);
  const located = errors.flatMap((error) =>
    positionsOf(error, targets).map((position) => ({ error, position })),
  );
  // In the order of the objects, as if each had been fetched by itself.
  if (targets.some(({ length }) => length > 1)) {
    located.sort((one, other) => (one.position ?? -1) - (other.position ?? -1));
  }
  return located.map(({ error, position }) => {
    if (position === undefined) {
      return clientError(error, subgraph, error.path && [...path, ...error.path]);
    }
    const below = error.path?.slice(2) ?? [];
    return clientError(error, subgraph, [...(paths[position] ?? []), ...below]);
  });
}

/** The positions of the objects an error is about; undefined for an error about the whole request. */
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
