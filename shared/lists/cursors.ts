import { callersFault } from '../errors/index.js';

/** Writes positions in a list as cursors and reads them again. `sealListCursors` encrypts what is written here. */
export interface CursorCodec<Position> {
  write(position: Position): string;
  /** Returns undefined for no cursor, with which a list begins. Throws BAD_USER_INPUT for what is no cursor of the list. */
  read(cursor: string | null | undefined): Position | undefined;
}

/** Turns a value into the text of a cursor, and back. */
interface Content<Position> {
  textOf(position: Position): string;
  /** Returns undefined, or throws, for a text that `textOf` does not write. */
  positionOf(text: string): Position | undefined;
}

/** Makes the codec of one kind of position. */
export function cursorCodec<Position>({
  textOf,
  positionOf,
}: Content<Position>): CursorCodec<Position> {
  return {
    write: (position) => Buffer.from(textOf(position)).toString('base64url'),
    read(cursor) {
      if (cursor == null) return undefined;
      const position = readOrNone(positionOf, Buffer.from(cursor, 'base64url').toString());
      if (position !== undefined) return position;
      throw invalidCursor();
    },
  };
}

/** The error for what is no cursor of the list that it is given to. */
export function invalidCursor(): Error {
  return callersFault(
    'BAD_USER_INPUT',
    'after is no cursor of this list. Give `endCursor` of the page before, with the same filter, or leave it out for the first page.',
  );
}

function readOrNone<Position>(
  positionOf: (text: string) => Position | undefined,
  text: string,
): Position | undefined {
  try {
    return positionOf(text);
  } catch {
    return undefined;
  }
}
