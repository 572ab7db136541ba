import { extname } from 'node:path';
import { passagesOfCode } from './code.js';
import { Lines, namesIn, type Passage } from './passage.js';

const CODE = new Set(['.ts', '.tsx', '.mjs', '.js']);
const COMMENTED: Record<string, RegExp> = {
  '.sql': /--[^\n]*|\/\*[\s\S]*?\*\//g,
  '.prisma': /\/\/[^\n]*/g,
  '.graphql': /"""[\s\S]*?"""|"[^"\n]*"|#[^\n]*/g,
  '.yml': /(?<=^|\s)#[^\n]*/gm,
  '.sh': /(?<=^|\s)#[^\n]*/gm,
};
/** Names of these files are those of the schema, of other programs or of the format. */
const ONLY_TEXT = new Set(['.graphql', '.yml', '.sh']);

/** Returns the identifiers and the texts of a file. Kinds of file that nobody writes by hand have none. */
export function passagesOf(file: string, source: string): Passage[] {
  const extension = extname(file);
  if (CODE.has(extension)) return passagesOfCode(file, source);
  if (extension === '.md') return passagesOfMarkdown(source);
  const comments = COMMENTED[extension];
  if (!comments) return [];
  const found: Passage[] = [];
  const lines = new Lines(source);
  const rest = source.replace(comments, (text, offset: number) => {
    const isName = /^"[\w.:-]+"$/.test(text);
    const value = isName ? text.slice(1, -1) : text;
    found.push({ kind: isName ? 'property' : 'text', value, line: lines.at(offset) });
    return text.replace(/[^\n]/g, ' ');
  });
  if (!ONLY_TEXT.has(extension)) found.push(...namesIn(rest, lines, 0));
  return found;
}

/** Blocks and spans of code are left out: what they show is counted where it is written. */
function passagesOfMarkdown(source: string): Passage[] {
  const blank = (text: string) => text.replace(/[^\n]/g, ' ');
  const prose = source
    .replace(/^```[\s\S]*?^```/gm, blank)
    .replace(/`[^`\n]*`/g, blank)
    .replace(/\]\([^)]*\)/g, blank);
  return prose.split(/\n(?=\s*\n|[#|*-])/).reduce<{ found: Passage[]; line: number }>(
    ({ found, line }, value) => {
      found.push({ kind: 'text', value, line });
      return { found, line: line + value.split('\n').length };
    },
    { found: [], line: 1 },
  ).found;
}
