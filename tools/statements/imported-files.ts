import ts from 'typescript';

/** Some source files and those that they import, directly or through others, except for types alone. */
export function withImportedFiles(
  checker: ts.TypeChecker,
  files: readonly ts.SourceFile[],
): ts.SourceFile[] {
  const found = new Set(files);
  for (const file of found) {
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
      if (!statement.moduleSpecifier || isOfTypes(statement)) continue;
      const imported = checker.getSymbolAtLocation(statement.moduleSpecifier)?.valueDeclaration;
      if (imported && ts.isSourceFile(imported) && !imported.isDeclarationFile) found.add(imported);
    }
  }
  return [...found];
}

function isOfTypes(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  return statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}
