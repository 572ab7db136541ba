/** One error of a response. */
export interface ResponseError {
  message: string;
  /** `extensions.code`, which says what the caller can do. */
  code: string | undefined;
}

export interface GraphQLResponse<Data> {
  /** Status of HTTP. */
  status: number;
  /** Whether the body is a GraphQL response; otherwise something else listens at the address. */
  isGraphQL: boolean;
  /** Undefined when the operation was refused or failed as a whole. */
  data: Data | undefined;
  errors: readonly ResponseError[];
  /** Milliseconds that the server asks to wait before the next attempt; 0 when it does not ask. */
  retryAfterMs: number;
}

interface ResponseBody<Data> {
  data?: Data | null;
  errors?: readonly { message: string; extensions?: { code?: string } }[];
}

export function responseOf<Data>(
  status: number,
  retryAfter: string | string[] | undefined,
  text: string,
): GraphQLResponse<Data> {
  const body = parsedBody<Data>(text);
  return {
    status,
    isGraphQL: body !== undefined,
    data: body?.data ?? undefined,
    errors: (body?.errors ?? []).map(({ message, extensions }) => ({
      message,
      code: extensions?.code,
    })),
    retryAfterMs: Number(retryAfter ?? 0) * 1000,
  };
}

function parsedBody<Data>(text: string): ResponseBody<Data> | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? body : undefined;
  } catch {
    return undefined;
  }
}
