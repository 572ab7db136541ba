import { basename, dirname } from 'node:path';
import { folderOf } from './limits.js';
import { wordsOf, type PublishedNames } from './names.js';
import type { Passage } from './passage.js';
import { passagesOf } from './passages.js';
import type { CompiledTerm } from './terms.js';

/** A word of the list where it may not stand. */
export interface Occurrence {
  term: string;
  use: string;
  file: string;
  /** Folder that it counts in. */
  folder: string;
  line: number;
  /** The name, or the words, that hold it. */
  found: string;
}

/** Returns where a file uses words of the list: in its own name, its identifiers and its texts. */
export function occurrencesIn(
  file: string,
  source: string,
  terms: CompiledTerm[],
  published: PublishedNames,
): Occurrence[] {
  const passages: Passage[] = [
    { kind: 'name', value: basename(file).replace(/\.[^.]+$/, ''), line: 0 },
    ...passagesOf(file, source),
  ];
  const folder = folderOf(file);
  const counting = terms.filter((term) => term.countsIn(folder));
  return passages.flatMap((passage) =>
    counting.flatMap((term) =>
      foundIn(passage, term, published).map(({ text, offset }) => ({
        term: term.term,
        use: term.use,
        file,
        folder,
        line: passage.line + passage.value.slice(0, offset).split('\n').length - 1,
        found: text,
      })),
    ),
  );
}

/** Returns which names of the schemas hold a word that only listed ones may hold. */
export function occurrencesInSchemas(
  schema: string,
  names: Iterable<string>,
  terms: CompiledTerm[],
): Occurrence[] {
  const limited = terms.filter(({ clientNames }) => clientNames);
  return [...names].flatMap((name) =>
    limited
      .filter(({ clientNames }) => !clientNames!.has(name))
      .filter((term) => wordsOf(name).join(' ').search(term.names!) >= 0)
      .map(({ term, use }) => ({
        term,
        use,
        file: schema,
        folder: folderOf(schema),
        line: 0,
        found: name,
      })),
  );
}

/** Returns where names of folders use words of the list; each folder counts once. */
export function occurrencesInFolders(
  files: string[],
  terms: CompiledTerm[],
  published: PublishedNames,
): Occurrence[] {
  const folders = new Set(files.flatMap((file) => foldersOf(file)));
  return [...folders].flatMap((folder) =>
    terms.flatMap((term) =>
      foundIn({ kind: 'name', value: basename(folder), line: 0 }, term, published).map(
        ({ text }) => ({
          term: term.term,
          use: term.use,
          file: `${folder}/`,
          folder: folderOf(`${folder}/`),
          line: 0,
          found: text,
        }),
      ),
    ),
  );
}

function foldersOf(file: string): string[] {
  const folder = dirname(file);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}

/** Code in a text: between backticks, a coordinate of the schema, or a call of one of its fields. */
const CODE = /`[^`]*`|\b[A-Z]\w+\.[a-z]\w*|\b[a-z]\w*\(\w+:/g;

interface Found {
  text: string;
  offset: number;
}

function foundIn(passage: Passage, term: CompiledTerm, published: PublishedNames): Found[] {
  if (passage.kind === 'text') return foundInText(passage.value, term);
  const { value, kind } = passage;
  if (term.exceptNames.has(value)) return [];
  if (kind !== 'name' && published.has(value)) return [];
  const found: Found[] = [];
  if (kind === 'type' && term.types?.test(value)) found.push({ text: value, offset: 0 });
  if (term.names) {
    const words = published.wordsBeside(value);
    for (const _ of words.matchAll(term.names)) found.push({ text: value, offset: 0 });
  }
  return found;
}

function foundInText(value: string, term: CompiledTerm): Found[] {
  if (!term.text) return [];
  // Texts are wrapped anywhere: a phrase may go over two lines.
  let text = value.replace(/\n/g, ' ').replace(CODE, (code) => ' '.repeat(code.length));
  if (term.exceptText) text = text.replace(term.exceptText, (phrase) => ' '.repeat(phrase.length));
  return [...text.matchAll(term.text)].map((match) => ({
    text: text.slice(Math.max(0, match.index - 30), match.index + match[0].length + 30).trim(),
    offset: match.index,
  }));
}
