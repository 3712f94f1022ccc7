import { ts } from 'ts-morph';

export interface FailureDescription {
  /** A constant for programs, made of the words of the message: `'READ_SETTINGS_FAILED'`. */
  readonly code: string;
  /** The inside of an object literal with the variables that the message mentions: `path, attempt: this.attempt`. */
  readonly context: string;
}

const MAX_WORDS = 4;
const SMALL_WORDS = new Set(['A', 'AN', 'THE', 'TO', 'OF', 'FOR', 'FROM', 'IN', 'AT', 'ON', 'WITH', 'IS', 'WAS', 'AND', 'OR', 'BY', 'ERROR']);

/** What a new error says about the failure, read from the template or the sum that makes its message. */
export function describeFailure(construct: ts.NewExpression | ts.CallExpression, causeName: string): FailureDescription {
  const message = construct.arguments?.find((argument) => isText(argument));
  const [root] = causeName.split('.');
  const values = message ? getValues(message).filter((value) => getRoot(value) !== root) : [];
  const entries = new Map<string, string>();
  for (const value of values) {
    const name = ts.isIdentifier(value) ? value.text : ts.isPropertyAccessExpression(value) ? value.name.text : undefined;
    if (name !== undefined && !entries.has(name) && !isDerived(value, root!)) entries.set(name, value.getText());
  }
  const context = [...entries].map(([name, text]) => (name === text ? name : `${name}: ${text}`)).join(', ');
  return { code: getCode(message ? getWords(message) : '', construct), context };
}

function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken);
}

/** The values that stand in a text: names and member chains, whose reading does nothing. */
function getValues(node: ts.Expression): ts.Expression[] {
  if (ts.isTemplateExpression(node)) return node.templateSpans.flatMap(({ expression }) => getValues(expression));
  if (ts.isBinaryExpression(node)) return [...getValues(node.left), ...getValues(node.right)];
  if (ts.isParenthesizedExpression(node)) return getValues(node.expression);
  return ts.isIdentifier(node) || (ts.isPropertyAccessExpression(node) && getRoot(node) !== undefined) ? [node] : [];
}

function getRoot(node: ts.Node): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (node.kind === ts.SyntaxKind.ThisKeyword) return 'this';
  return ts.isPropertyAccessExpression(node) || ts.isNonNullExpression(node) ? getRoot(node.expression) : undefined;
}

/** const message = error.message: what is taken from the error is in the cause already. */
function isDerived(value: ts.Expression, root: string): boolean {
  if (!ts.isIdentifier(value)) return false;
  for (let outer: ts.Node | undefined = value.parent; outer && !ts.isFunctionLike(outer); outer = outer.parent) {
    if (!ts.isBlock(outer)) continue;
    for (const statement of outer.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      const declaration = statement.declarationList.declarations.find(({ name }) => ts.isIdentifier(name) && name.text === value.text);
      if (declaration) return declaration.initializer !== undefined && new RegExp(`\\b${root}\\b`).test(declaration.initializer.getText());
    }
  }
  return false;
}

function getWords(node: ts.Expression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join(' ');
  if (ts.isBinaryExpression(node)) return `${getWords(node.left)} ${getWords(node.right)}`;
  return ts.isParenthesizedExpression(node) ? getWords(node.expression) : '';
}

function getCode(text: string, construct: ts.Node): string {
  const words = (text.toUpperCase().match(/[A-Z][A-Z0-9']*/g) ?? []).map((word) => word.replaceAll("'", '')).filter((word) => !SMALL_WORDS.has(word));
  const chosen = words.slice(0, MAX_WORDS);
  if (chosen.length === 0) chosen.push(...getNameOfFunction(construct));
  const isNamed = chosen.some((word) => /^(?:FAILED|FAILURE|INVALID|MISSING|COULD|COULDNT|CANNOT|CANT|UNABLE|NOT|NO)$/.test(word));
  return [...chosen, ...(isNamed ? [] : ['FAILED'])].join('_');
}

/** `readSettings` gives READ, SETTINGS. */
function getNameOfFunction(node: ts.Node): string[] {
  for (let outer: ts.Node | undefined = node.parent; outer; outer = outer.parent) {
    const named = ts.isFunctionLike(outer) ? (outer.name ?? (ts.isVariableDeclaration(outer.parent) ? outer.parent.name : undefined)) : undefined;
    if (named && ts.isIdentifier(named)) return named.text.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase().split(/_+/).filter(Boolean);
  }
  return ['OPERATION'];
}
