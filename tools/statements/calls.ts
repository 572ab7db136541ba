import ts from 'typescript';

/** The calls of a program, by the declaration of what is called. */
export type CallsByDeclaration = ReadonlyMap<ts.Node, readonly ts.CallExpression[]>;

/** A call in the sources that runs a statement. */
export interface StatementCall {
  node: ts.CallExpression | ts.TaggedTemplateExpression;
  /** The text of the statement, an object with its text and values, or the template of Prisma Client. */
  statement: ts.Expression | ts.TemplateLiteral;
  values: ts.Expression | undefined;
  /** The declared type of a row. */
  row: ts.TypeNode | undefined;
}

/** Finds what runs statements by pg or Prisma Client in some files, and every call in them. */
export function findCalls(
  checker: ts.TypeChecker,
  files: readonly ts.SourceFile[],
): { statements: StatementCall[]; calls: CallsByDeclaration } {
  const statements: StatementCall[] = [];
  const calls = new Map<ts.Node, ts.CallExpression[]>();
  const visit = (node: ts.Node): void => {
    if (ts.isTaggedTemplateExpression(node) && isRawOfPrisma(node.tag)) {
      const [rows] = node.typeArguments ?? [];
      const row = rows && ts.isArrayTypeNode(rows) ? rows.elementType : undefined;
      statements.push({ node, statement: node.template, values: undefined, row });
    }
    if (ts.isCallExpression(node)) {
      const declaration = checker.getResolvedSignature(node)?.declaration;
      if (declaration && isQueryOfPg(declaration)) {
        const [statement, values] = node.arguments;
        statements.push({ node, statement: statement!, values, row: node.typeArguments?.[0] });
      } else if (declaration) {
        calls.set(declaration, [...(calls.get(declaration) ?? []), node]);
      }
    }
    ts.forEachChild(node, visit);
  };
  for (const file of files) visit(file);
  return { statements, calls };
}

function isQueryOfPg(declaration: ts.SignatureDeclaration | ts.JSDocSignature): boolean {
  return (
    declaration.getSourceFile().fileName.includes('/@types/pg/') &&
    ts.isMethodDeclaration(declaration) &&
    declaration.name.getText() === 'query'
  );
}

function isRawOfPrisma(tag: ts.Expression): boolean {
  return ts.isPropertyAccessExpression(tag) && /^\$(query|execute)Raw/.test(tag.name.text);
}

/** Whether the rows of a statement are read, and not only their number, or nothing. */
export function readsRows({ node: call }: StatementCall): boolean {
  if (ts.isTaggedTemplateExpression(call)) return true;
  let node: ts.Node = call.parent;
  while (ts.isAwaitExpression(node) || ts.isParenthesizedExpression(node)) node = node.parent;
  if (ts.isPropertyAccessExpression(node)) return node.name.text === 'rows';
  if (!ts.isVariableDeclaration(node)) return !ts.isExpressionStatement(node);
  if (!ts.isObjectBindingPattern(node.name)) return true;
  return node.name.elements.some(
    ({ name, propertyName }) => (propertyName ?? name).getText() === 'rows',
  );
}
