import ts from 'typescript';
import { Lines, namesIn, type Passage } from './passage.js';

const SQL =
  /\b(SELECT|INSERT INTO|UPDATE \w+|DELETE FROM|WITH \w+ AS|CREATE (OR|TABLE|FUNCTION)|ALTER TABLE|FROM \w+ WHERE|ORDER BY)\b/;
const GRAPHQL = /^\s*((query|mutation|subscription|fragment|extend|type|input)\b[^.]*\{|\{|\.\.\.)/;
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;

/** Returns the names, comments and texts of a TypeScript or JavaScript file. */
export function passagesOfCode(file: string, source: string): Passage[] {
  const tree = ts.createSourceFile(
    file,
    source,
    ts.ScriptTarget.Latest,
    true,
    file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const found: Passage[] = [];
  const lines = new Lines(source);
  const texts: [number, number][] = [];

  const visit = (node: ts.Node): void => {
    if (isText(node)) {
      texts.push([node.getStart(tree), node.end]);
      found.push(...passagesOfText(node, lines));
      if (!ts.isTemplateExpression(node)) return;
      node.templateSpans.forEach((span) => visit(span.expression));
      return;
    }
    if (ts.isIdentifier(node) || ts.isPrivateIdentifier(node)) {
      found.push({ kind: kindOf(node), value: node.text, line: lines.at(node.getStart(tree)) });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return [...found, ...comments(source, lines, texts)];
}

type Text = ts.StringLiteralLike | ts.TemplateExpression | ts.JsxText | ts.RegularExpressionLiteral;

const isText = (node: ts.Node): node is Text =>
  ts.isStringLiteralLike(node) ||
  ts.isTemplateExpression(node) ||
  ts.isJsxText(node) ||
  ts.isRegularExpressionLiteral(node);

function kindOf(node: ts.Identifier | ts.PrivateIdentifier): Passage['kind'] {
  const { parent } = node;
  if (
    (ts.isInterfaceDeclaration(parent) ||
      ts.isTypeAliasDeclaration(parent) ||
      ts.isClassDeclaration(parent)) &&
    parent.name === node
  ) {
    return 'type';
  }
  const isProperty =
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ts.isShorthandPropertyAssignment(parent) ||
    (ts.isBindingElement(parent) && ts.isObjectBindingPattern(parent.parent)) ||
    ((ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isPropertyDeclaration(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isMethodSignature(parent)) &&
      parent.name === node) ||
    ts.isImportSpecifier(parent) ||
    ts.isTypeReferenceNode(parent);
  return isProperty ? 'property' : 'name';
}

/** A text may be a name (one word), SQL (names), GraphQL (names of the schema: not counted), or words for people. */
function passagesOfText(node: Text, lines: Lines): Passage[] {
  const start = node.getStart();
  if (ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent)) return [];
  const value = ts.isTemplateExpression(node)
    ? [node.head.text, ...node.templateSpans.map((span) => span.literal.text)].join(' … ')
    : node.text;
  if (isTaggedSql(node) || SQL.test(value))
    return namesIn(value.replace(/'[^']*'/g, ' '), lines, start);
  if (GRAPHQL.test(value)) return [];
  const line = lines.at(start);
  if (/^[\w.:-]+$/.test(value)) return [{ kind: 'property', value, line }];
  return [{ kind: 'text', value, line }];
}

const isTaggedSql = ({ parent }: Text) =>
  ts.isTaggedTemplateExpression(parent) && /\bsql$/.test(parent.tag.getText());

function comments(source: string, lines: Lines, texts: [number, number][]): Passage[] {
  const isInText = (at: number) => texts.some(([start, end]) => at >= start && at < end);
  return [...source.matchAll(COMMENT)]
    .filter(({ index }) => !isInText(index))
    .map((match) => ({
      kind: 'text',
      value: match[0].replace(/^\/\*+|\*+\/$|^\/\/+/g, '').replace(/\n\s*\*/g, '\n'),
      line: lines.at(match.index),
    }));
}
