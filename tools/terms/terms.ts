/** One word of the term list, and where it counts. All patterns are regular expressions that match whole words. */
export interface Term {
  term: string;
  /** Standard term to use instead. */
  use: string;
  /** Matches the words of identifiers and file names: lower case, separated by one space. */
  names?: string;
  /** Matches the whole name of a class, an interface or a type. */
  types?: string;
  /** Matches comments, texts of the program, test titles and documents. */
  text?: string;
  caseSensitive?: boolean;
  /** Folders in which the word has the meaning that is replaced; everywhere unless given. */
  folders?: string[];
  /** Names that do not count: those of libraries, of the schema's wire format, and words that only look alike. */
  exceptNames?: string[];
  /** Phrases that do not count. */
  exceptText?: string[];
  /** Names of the schemas that may hold the word, because clients rely on them; every one unless given. */
  clientNames?: string[];
}

/**
 * A name that cannot be renamed: databases keep it and replicas of the release before use it while they run, or monitoring
 * and scripts outside the project rely on it.
 */
interface StoredName {
  name: string;
  why: string;
  /** Folders in which the name does not count; everywhere unless given. */
  folders?: string[];
}

export interface TermList {
  terms: Term[];
  storedNames: StoredName[];
  /** Patterns of paths that are not read: released migrations, snapshots, data of others. */
  notCounted: string[];
}

/** A term with its patterns compiled. */
export interface CompiledTerm {
  term: string;
  use: string;
  countsIn(folder: string): boolean;
  names: RegExp | undefined;
  types: RegExp | undefined;
  text: RegExp | undefined;
  exceptNames: Set<string>;
  exceptText: RegExp | undefined;
  /** Names of the schemas that may hold the word; undefined where every one may. */
  clientNames: Set<string> | undefined;
}

export function compileTerm(term: Term): CompiledTerm {
  const { names, types, text, caseSensitive, exceptNames = [], exceptText = [], folders } = term;
  return {
    term: term.term,
    use: term.use,
    countsIn: (folder) => !folders || folders.includes(folder),
    names: names ? new RegExp(`(?<![a-z0-9])(?:${names})(?![a-z0-9])`, 'g') : undefined,
    types: types ? new RegExp(`^(?:${types})$`) : undefined,
    text: text ? new RegExp(`(?<!\\w)(?:${text})(?!\\w)`, caseSensitive ? 'g' : 'gi') : undefined,
    exceptNames: new Set(exceptNames),
    exceptText: exceptText.length > 0 ? new RegExp(exceptText.join('|'), 'g') : undefined,
    clientNames: term.clientNames && new Set(term.clientNames),
  };
}
