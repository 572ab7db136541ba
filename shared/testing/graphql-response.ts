/** A response of a GraphQL server, as tests read it. */
export interface GraphQLResponse {
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string } }[];
}

/** Returns the codes of the errors of a response; undefined, where it has none. */
export const codesOf = ({ errors }: Pick<GraphQLResponse, 'errors'>): string[] | undefined =>
  errors?.map(({ extensions }) => extensions.code);

/** Returns the name of the type of a mutation's one input. */
export const inputTypeOf = (mutation: string) =>
  `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input`;

/** Sends an operation by POST and returns the response. */
export async function postGraphQL(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<GraphQLResponse> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return (await response.json()) as GraphQLResponse;
}
