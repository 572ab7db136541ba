import type pg from 'pg';

/** A column that a statement returns. */
export interface ResultColumn {
  name: string;
  type: PgType;
  /** The column of a table that it is, and may be NULL; undefined for other columns and for what is computed. */
  nullable: string | undefined;
}

export interface PgType {
  name: string;
  /** The labels, if it is an enum or an array of an enum. */
  labels: readonly string[] | undefined;
  /** Name of the type of its elements, if it is an array. */
  element: string | undefined;
}

export interface Description {
  parameters: number;
  columns: ResultColumn[];
}

interface RawField {
  name: string;
  tableID: number;
  columnID: number;
  dataTypeID: number;
}

/** Prepares statements in a database, without running them. */
export class Describer {
  readonly #session: pg.Client;
  readonly #types: Map<number, PgType>;
  readonly #nullable: Map<string, string>;

  private constructor(
    session: pg.Client,
    types: Map<number, PgType>,
    nullable: Map<string, string>,
  ) {
    this.#session = session;
    this.#types = types;
    this.#nullable = nullable;
  }

  static async open(session: pg.Client): Promise<Describer> {
    const types = await session.query<PgType & { oid: number }>(
      `SELECT t.oid::int8::float8 AS oid, t.typname AS name, NULLIF(e.typname, '-') AS element,
         (SELECT array_agg(l.enumlabel::text ORDER BY l.enumsortorder) FROM pg_enum l WHERE l.enumtypid IN (t.oid, e.oid)) AS labels
       FROM pg_type t LEFT JOIN pg_type e ON e.oid = t.typelem AND t.typcategory = 'A'`,
    );
    const columns = await session.query<{ key: string; name: string }>(
      `SELECT attrelid::int8 || ' ' || attnum AS key, attname AS name
       FROM pg_attribute WHERE attnum > 0 AND NOT attnotnull`,
    );
    return new Describer(
      session,
      new Map(
        types.rows.map(({ oid, name, element, labels }) => [
          oid,
          { name, element: element ?? undefined, labels: labels ?? undefined },
        ]),
      ),
      new Map(columns.rows.map(({ key, name }) => [key, name])),
    );
  }

  /** Returns what PostgreSQL knows of a statement before it runs; throws the reason for which PostgreSQL refuses it. */
  async describe(text: string): Promise<Description> {
    const { parameters, fields } = await prepare(this.#session, text);
    return {
      parameters,
      columns: fields.map(({ name, tableID, columnID, dataTypeID }) => ({
        name,
        type: this.#types.get(dataTypeID)!,
        nullable: this.#nullable.get(`${tableID} ${columnID}`),
      })),
    };
  }
}

/** Members of a connection that pg's types leave out. */
interface Connection {
  parse(query: object): void;
  describe(what: object): void;
  sync(): void;
  on(event: 'parameterDescription', listener: (message: { parameterCount: number }) => void): void;
  removeAllListeners(event: 'parameterDescription'): void;
}

function prepare(session: pg.Client, text: string) {
  return new Promise<{ parameters: number; fields: RawField[] }>((resolve, reject) => {
    let [parameters, fields]: [number, RawField[]] = [0, []];
    session.query({
      submit(connection: unknown) {
        const wire = connection as Connection;
        wire.on('parameterDescription', ({ parameterCount }) => (parameters = parameterCount));
        wire.parse({ name: '', text, types: [] });
        wire.describe({ type: 'S', name: '' });
        wire.sync();
      },
      handleRowDescription: (message: { fields: RawField[] }) => (fields = message.fields),
      handleError(error: Error, connection: Connection) {
        connection.removeAllListeners('parameterDescription');
        reject(error);
      },
      handleReadyForQuery(connection: Connection) {
        connection.removeAllListeners('parameterDescription');
        resolve({ parameters, fields });
      },
    } as unknown as pg.Submittable);
  });
}
