import type { PathStep } from '../finding.js';
import type { SourceFile } from '../source-file.js';
import { type Node, type TSESTree, getStringValue, isWithin, outermostWrapper, skipWrappers } from '../syntax/node.js';
import { shorten } from '../syntax/shorten.js';
import type { Condition } from './conditions.js';
import { findCredentials } from './credentials.js';
import { type HeaderWrite, getHeaderWrites } from './header-writes.js';
import { getOriginChecks } from './origin-checks.js';
import { type Reflection, contains, findIdleTests, findReflections } from './reflections.js';
import { isLogOrRefusal } from './refusals.js';
import { getRequestOrigins, isConstant } from './request-origin.js';
import type { UnsafeOrigin } from './unsafe-origin.js';

/** `Access-Control-Allow-Origin` that says whatever the request says, `null`, `*` with credentials, or several origins. */
export function findReflectedOrigins(file: SourceFile): UnsafeOrigin[] {
  const writes = getHeaderWrites(file).filter(({ name }) => name === 'access-control-allow-origin');
  return writes.flatMap((write) => [...findReflectionsOf(file, write), ...findConstants(file, write)]);
}

function findReflectionsOf(file: SourceFile, write: HeaderWrite): UnsafeOrigin[] {
  const findings: UnsafeOrigin[] = [];
  const checks = getOriginChecks(file);
  for (const reflection of findReflections(file, write.value)) {
    const isUseless = reflection.conditions.some((condition) => letsInOtherwise(file, condition));
    const kinds = reflection.conditions.filter((condition) => !letsInOtherwise(file, condition)).map((condition) => checks.classify(condition, reflection.variables));
    if (kinds.includes('check')) continue;
    const node = getReportNode(write, reflection);
    const idle = findIdleTests(write.node, (test) => checks.namesOrigin(test)).find(({ consequent, alternate }) => isLogOrRefusal(file, consequent) && (!alternate || isLogOrRefusal(file, alternate)));
    const credentials = findCredentials(file, write);
    const isCertain = !kinds.includes('setting');
    if (isUseless && !idle) {
      findings.push({ ...describe(file, 'uselessCheck', reflection.source === skipWrappers(write.value) ? write.value : reflection.source, write), certainty: isCertain ? 'certain' : 'potential', data: { check: 'the comparison' } });
      continue;
    }
    if (idle) {
      findings.push({ ...describe(file, 'uselessCheck', idle.test, write), certainty: isCertain ? 'certain' : 'potential', data: { check: file.getText(idle.test) } });
      continue;
    }
    const path: PathStep[] = [{ kind: 'note', node, text: `\`${file.getText(reflection.source)}\` is what the request says` }];
    if (node !== write.value) path.push({ kind: 'exit', node: write.node, text: 'it becomes `Access-Control-Allow-Origin`' });
    if (credentials) path.push({ kind: 'note', node: credentials.node, text: 'credentials are allowed' });
    findings.push({
      kind: 'reflected',
      node,
      certainty: credentials && isCertain ? 'certain' : 'potential',
      path,
      data: { origin: shorten(file.getText(reflection.source)), credentials: credentials ? 'with' : 'without' },
      parts: { origin: reflection.source },
    });
  }
  return dedupe(findings);
}

/** if (allowed.includes(origin)) return origin; … return origin; */
function letsInOtherwise(file: SourceFile, { test, truth }: Condition): boolean {
  const branch = outermostWrapper(test).parent;
  if (truth !== false || (branch?.type !== 'IfStatement' && branch?.type !== 'ConditionalExpression') || branch.test !== outermostWrapper(test)) return false;
  if (!getOriginChecks(file).namesOrigin(test)) return false;
  const origins = getRequestOrigins(file);
  if (branch.type === 'ConditionalExpression') return origins.getPart(branch.consequent) === 'origin';
  const writes = getHeaderWrites(file).filter(({ name, value }) => name === 'access-control-allow-origin' && origins.getPart(value) === 'origin');
  return contains(file, branch.consequent, (node) => (node.type === 'ReturnStatement' && node.argument !== null && origins.getPart(node.argument) === 'origin') || writes.some((write) => write.node === node));
}

/** The assignment or fallback by which the origin came in, else the header's value. */
function getReportNode(write: HeaderWrite, { source, via }: Reflection): Node {
  return via.find((value) => value.parent?.type === 'AssignmentExpression' || isFallback(value, source)) ?? write.value;
}

/** options.origin || req.headers.origin, isOpen ? req.headers.origin : fixed */
function isFallback(value: Node, source: Node): boolean {
  const node = skipWrappers(value);
  if (node.type === 'ConditionalExpression') return !isConstant(node.consequent) && !isConstant(node.alternate);
  if (node.type !== 'LogicalExpression') return false;
  return isFallback(node.left, source) || (!isConstant(node.right) && !isWithin(source, node.left));
}

function findConstants(file: SourceFile, write: HeaderWrite): UnsafeOrigin[] {
  const findings: UnsafeOrigin[] = [];
  for (const value of getConstants(file, write.value)) {
    const text = getStringValue(value);
    if (text === 'null') findings.push({ ...describe(file, 'nullAllowed', value, write) });
    else if (text !== undefined && isSeveral(text)) findings.push({ ...describe(file, 'joinedList', value, write), data: { value: shorten(file.getText(value)) } });
    else if (isJoin(file, value) || isPlainList(value)) findings.push({ ...describe(file, 'joinedList', value, write), data: { value: shorten(file.getText(value)) } });
  }
  const choice = findOpenFallback(file, write);
  if (choice) findings.push({ ...describe(file, 'uselessCheck', choice, write), data: { check: shorten(file.getText(choice.test)) } });
  const wildcard = skipWrappers(write.value);
  if (getStringValue(wildcard) === '*') {
    const credentials = findCredentialsBeside(file, write);
    if (credentials) {
      findings.push({
        ...describe(file, 'wildcardWithCredentials', write.form === 'call' ? write.value : write.node, write),
        path: [
          { kind: 'note', node: write.value, text: 'every origin is let in' },
          { kind: 'note', node: credentials.node, text: 'credentials are allowed' },
        ],
        data: { value: '`*`' },
      });
    }
  }
  return findings;
}

/** allowed.includes(origin) ? origin : '*', where credentials do not make a difference between the two */
function findOpenFallback(file: SourceFile, write: HeaderWrite): TSESTree.ConditionalExpression | undefined {
  const checks = getOriginChecks(file);
  const node = skipWrappers(write.value);
  const variable = node.type === 'Identifier' ? file.getVariable(node) : undefined;
  const value = variable ? file.getOnlyValue(variable) : node;
  const choice = value && skipWrappers(value);
  if (choice?.type !== 'ConditionalExpression' || getStringValue(choice.alternate) !== '*' || !checks.namesOrigin(choice.test)) return undefined;
  if (findReflections(file, choice.consequent).length === 0) return undefined;
  const isGraded = getHeaderWrites(file).some(({ name, node: other }) => name === 'access-control-allow-credentials' && (other.type !== 'Property' || !isTrueText(file, other.value)));
  return isGraded ? undefined : choice;
}

function isTrueText(file: SourceFile, value: Node): boolean {
  return /^["'`]?true["'`]?$/.test(file.getText(skipWrappers(value)));
}

/** Credentials in the same object or list of headers, or beside the wildcard in the same block, where nothing overrides it. */
function findCredentialsBeside(file: SourceFile, origin: HeaderWrite): HeaderWrite | undefined {
  const writes = getHeaderWrites(file);
  const isOn = (write: HeaderWrite) => write.name === 'access-control-allow-credentials' && isTrueText(file, write.value);
  if (origin.group) return writes.find((write) => write.group === origin.group && isOn(write));
  const block = getStatementList(origin.node);
  const rivals = writes.filter(({ name, node }) => name === 'access-control-allow-origin' && node !== origin.node && node.range[0] > block.range[0] && node.range[1] < block.range[1]);
  if (rivals.length > 0) return undefined;
  return writes.find((write) => isOn(write) && !write.group && getStatementList(write.node) === block && getReceiver(file, write.node) === getReceiver(file, origin.node));
}

function getStatementList(node: Node): Node {
  let outer = node;
  while (outer.parent && !/^(?:BlockStatement|Program|SwitchCase)$/.test(outer.type)) outer = outer.parent;
  return outer;
}

/** `res` of `res.setHeader(…)`, of `res.headers['…'] = …` and of a chain of calls. */
function getReceiver(file: SourceFile, node: Node): string {
  let inner: Node = node.type === 'AssignmentExpression' ? node.left : node;
  for (;;) {
    const next = skipWrappers(inner);
    if (next.type === 'CallExpression') inner = next.callee;
    else if (next.type === 'MemberExpression') inner = next.object;
    else return file.getText(next);
  }
}

/** The constants that a value may be, through variables, branches and fallbacks. */
function getConstants(file: SourceFile, expression: Node, depth = 0): Node[] {
  const node = skipWrappers(expression);
  if (depth > 5) return [];
  switch (node.type) {
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].flatMap((inner) => getConstants(file, inner, depth + 1));
    case 'LogicalExpression':
      return getConstants(file, node.right, depth + 1);
    case 'Identifier': {
      const variable = file.getVariable(node);
      if (!variable || variable.defs[0]?.type !== 'Variable') return [];
      return variable.references.flatMap(({ writeExpr, init }) => (writeExpr && (!init || isPlainInit(writeExpr)) ? getConstants(file, writeExpr, depth + 1) : []));
    }
    case 'Literal':
    case 'TemplateLiteral':
    case 'CallExpression':
    case 'ArrayExpression':
      return [node];
    default:
      return [];
  }
}

function isPlainInit(init: Node): boolean {
  const { parent } = init;
  return parent?.type !== 'VariableDeclarator' || parent.id.type === 'Identifier';
}

/** 'https://a.example, https://b.example' */
function isSeveral(text: string): boolean {
  return /^\s*[a-z][a-z0-9+.-]*:\/\/[^\s,]+\s*[,\s]\s*[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/** ['https://a.example', 'https://b.example'], which sends the header twice */
function isPlainList(node: Node): boolean {
  return node.type === 'ArrayExpression' && node.elements.length > 1 && node.elements.every((element) => /:\/\//.test(getStringValue(element) ?? ''));
}

/** allowedOrigins.join(', '), where the list has more than one entry */
function isJoin(file: SourceFile, node: Node): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  if (!contains(file, node.callee.property, (inner) => inner.type === 'Identifier' && inner.name === 'join')) return false;
  if (!/^[\s,;]+$/.test(getStringValue(node.arguments[0]) ?? ',')) return false;
  const list = skipWrappers(node.callee.object);
  const variable = list.type === 'Identifier' ? file.getVariable(list) : undefined;
  const value = variable ? file.getOnlyValue(variable) : list;
  return value?.type === 'ArrayExpression' && value.elements.length > 1;
}

function describe(file: SourceFile, kind: UnsafeOrigin['kind'], node: Node, write: HeaderWrite): UnsafeOrigin {
  const path: PathStep[] = [{ kind: 'note', node, text: `\`${shorten(file.getText(node))}\`` }];
  if (node !== write.value) path.push({ kind: 'exit', node: write.node, text: 'it becomes `Access-Control-Allow-Origin`' });
  return { kind, node, certainty: 'certain', path, data: {} };
}

/** One finding for each place: the certain one. */
export function dedupe(findings: readonly UnsafeOrigin[]): UnsafeOrigin[] {
  const best = new Map<Node, UnsafeOrigin>();
  for (const finding of findings) {
    const other = best.get(finding.node);
    if (!other || (other.certainty === 'potential' && finding.certainty === 'certain')) best.set(finding.node, finding);
  }
  return [...best.values()];
}
