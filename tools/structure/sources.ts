import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { projectPath } from '../../shared/root.js';

/** Files that do not run in a control room, and code that a tool has written. */
const LEFT_OUT =
  /(\.test\.tsx?$|\.d\.ts$|\.config\.ts$|(^|\/)(testing|conformance|generated|dist)\/|^gateway\/sandbox\/)/;

/** A source file, with everything in it that the structure is judged by. */
export interface SourceFile {
  /** From the root of the project. */
  path: string;
  /** The files of the project that it imports, types included. */
  imports: readonly string[];
  /** Texts that may be SQL: every string, a template with its parts joined by a blank. */
  texts: readonly string[];
  /** Writes through Prisma Client, such as `prisma.hold.create`: the names of the models. */
  prismaWrites: readonly string[];
  /** Names of the classes and interfaces that its classes extend or implement. */
  bases: readonly string[];
  /** Values of the constants called `..._JOB`: names of kinds of durable jobs. */
  jobNames: readonly string[];
}

const PRISMA_WRITES =
  /^(create|createMany|createManyAndReturn|update|updateMany|updateManyAndReturn|upsert|delete|deleteMany)$/;

/** Reads every source file below the folders, without tests and generated code. */
export function readSources(folders: readonly string[]): SourceFile[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...folders],
    { cwd: projectPath(), encoding: 'utf8' },
  );
  return listed
    .split('\n')
    .filter((path) => /\.(ts|mjs)$/.test(path) && !LEFT_OUT.test(path))
    .filter((path) => existsSync(projectPath(path)))
    .map(readSource);
}

function readSource(path: string): SourceFile {
  return parseSource(path, readFileSync(projectPath(path), 'utf8'));
}

/** Parses one source file. */
export function parseSource(path: string, content: string): SourceFile {
  const texts: string[] = [];
  const prismaWrites: string[] = [];
  const bases: string[] = [];
  const jobNames: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node)) {
      texts.push(
        [node.head, ...node.templateSpans.map((span) => span.literal)].map(textOf).join(' '),
      );
    }
    if (ts.isHeritageClause(node))
      bases.push(...node.types.map((type) => type.expression.getText()));
    const jobName = jobNameIn(node);
    if (jobName !== undefined) jobNames.push(jobName);
    const model = writtenModel(node);
    if (model !== undefined) prismaWrites.push(model);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, content, ts.ScriptTarget.Latest, true));
  const { importedFiles } = ts.preProcessFile(content, true, true);
  const imports = importedFiles.flatMap(({ fileName }) => resolved(path, fileName) ?? []);
  return { path, imports, texts, prismaWrites, bases, jobNames };
}

function textOf(literal: ts.TemplateLiteralLikeNode): string {
  return literal.text;
}

/** The model that a call such as `prisma.hold.create(...)` writes; undefined for any other node. */
function writtenModel(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression))
    return undefined;
  const { name, expression: model } = node.expression;
  if (!PRISMA_WRITES.test(name.text) || !ts.isPropertyAccessExpression(model)) return undefined;
  return /prisma$/i.test(model.expression.getText()) ? model.name.text : undefined;
}

/** The value of a constant such as `const CONFIRMATION_JOB = 'allocation.confirm'`; undefined for any other node. */
function jobNameIn(node: ts.Node): string | undefined {
  if (!ts.isVariableDeclaration(node) || !/_JOB$/.test(node.name.getText())) return undefined;
  return node.initializer && ts.isStringLiteral(node.initializer)
    ? node.initializer.text
    : undefined;
}

/** The file of the project that a relative import names; undefined for a package and for generated code. */
function resolved(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const named = join(dirname(from), specifier);
  const source = named.replace(/\.js$/, '.ts');
  return [source, named].find((file) => !LEFT_OUT.test(file) && existsSync(projectPath(file)));
}
