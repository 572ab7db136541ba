import { relative } from 'node:path';
import ts from 'typescript';
import { projectPath } from '../../shared/root.js';
import { findCalls, readsRows, type StatementCall } from './calls.js';
import { Contexts, type Context } from './contexts.js';
import { Evaluation, UnknownValue } from './evaluation.js';
import { withImportedFiles } from './imported-files.js';
import { ModuleScopes } from './module-scope.js';
import { valueCountOf } from './passed-values.js';
import { PrismaFragments } from './prisma-fragments.js';
import { RowTypes, type Fields } from './row-types.js';

/** A statement as one call in the sources runs it. */
export interface Statement {
  /** The file and the line of the call. */
  at: string;
  text: string;
  /** The number of values passed; undefined where that is decided when the program runs. */
  values: number | undefined;
  /** The declared row; undefined where none is declared. */
  fields: Fields | undefined;
  readsRows: boolean;
}

/** Reads the statements of source files, whose compiled modules lie in dist/. */
export class StatementReader {
  readonly #checker: ts.TypeChecker;
  readonly #program: ts.Program;

  constructor(program: ts.Program) {
    this.#program = program;
    this.#checker = program.getTypeChecker();
  }

  /**
   * The statements of some files, and of those that they import, where `isMeant` says so; `unknown` are the calls whose
   * statement is made up only when the program runs.
   */
  async read(
    isRoot: (file: string) => boolean,
    isMeant: (file: string) => boolean,
  ): Promise<{ statements: Statement[]; unknown: Map<string, string> }> {
    const roots = this.#program.getSourceFiles().filter((file) => isRoot(nameOf(file)));
    const files = withImportedFiles(this.#checker, roots).filter((file) => isMeant(nameOf(file)));
    const found = findCalls(this.#checker, files);
    const evaluation = new Evaluation(this.#checker, await ModuleScopes.load(files));
    const fragments = new PrismaFragments(this.#checker, evaluation);
    const contexts = new Contexts(this.#checker, evaluation, found.calls);
    const statements: Statement[] = [];
    const unknown = new Map<string, string>();
    for (const call of found.statements) {
      try {
        statements.push(
          ...contexts.each((context) =>
            textsOf(call, context, evaluation, fragments).map((text) =>
              this.#statement(call, text, context),
            ),
          ),
        );
      } catch (error) {
        if (!(error instanceof UnknownValue)) throw error;
        unknown.set(positionOf(call.node), error.message);
      }
    }
    return { statements, unknown };
  }

  #statement(call: StatementCall, text: string, { types }: Context): Statement {
    return {
      at: positionOf(call.node),
      text,
      values: valueCountOf(this.#checker, call),
      fields: call.row && new RowTypes(this.#checker).fieldsOf(call.row, types),
      readsRows: readsRows(call),
    };
  }
}

function textsOf(
  { statement }: StatementCall,
  { bindings }: Context,
  evaluation: Evaluation,
  fragments: PrismaFragments,
): string[] {
  if (ts.isTemplateLiteral(statement) && ts.isTaggedTemplateExpression(statement.parent)) {
    return fragments.textsOf(statement);
  }
  return evaluation
    .valuesOf(statement, bindings)
    .map((value) => (typeof value === 'string' ? value : (value as { text: string }).text));
}

const nameOf = ({ fileName }: ts.SourceFile) => relative(projectPath(), fileName);

function positionOf(node: ts.Node): string {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart());
  return `${nameOf(file)}:${line + 1}`;
}
