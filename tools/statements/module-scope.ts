import { register } from 'node:module';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { projectPath } from '../../shared/root.js';

register(pathToFileURL(projectPath('tools/statements/scope-hook.mjs')));

interface ModuleScope {
  evaluateInScope(code: string): (...values: readonly unknown[]) => unknown;
}

/** Evaluates expressions of source files as their compiled modules would, private constants and imports included. */
export class ModuleScopes {
  readonly #modules = new Map<string, ModuleScope>();

  /** Loads the compiled modules of source files. */
  static async load(files: readonly ts.SourceFile[]): Promise<ModuleScopes> {
    const scopes = new ModuleScopes();
    for (const { fileName } of files) {
      const compiled = relative(projectPath(), fileName).replace(/\.ts$/, '.js');
      const module: unknown = await import(pathToFileURL(projectPath('dist', compiled)).href);
      scopes.#modules.set(fileName, module as ModuleScope);
    }
    return scopes;
  }

  /** The value of an expression in which the local names have the given values. */
  evaluate(expression: ts.Expression, locals: ReadonlyMap<string, unknown>): unknown {
    const file = expression.getSourceFile();
    const code = `((${[...locals.keys()].join(', ')}) => (${expression.getText(file)}))`;
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        moduleDetection: ts.ModuleDetectionKind.Legacy,
      },
    });
    const evaluate = this.#modules.get(file.fileName)!.evaluateInScope(outputText);
    return evaluate(...locals.values());
  }
}
