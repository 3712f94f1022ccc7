import type { SourceFile } from '../source-file.js';
import { skipWrappers } from '../syntax/node.js';

const TEST_MODULE = /^(?:vitest|@jest\/globals|mocha|node:test|ava|tap|tape|uvu|bun:test|@playwright\/test|jasmine|chai|sinon|supertest)$/;
const TEST_GLOBAL = /^(?:describe|it|test|suite|context|beforeEach|afterEach|beforeAll|afterAll|jest|vi)$/;

const known = new WeakMap<SourceFile, boolean>();

/** Whether a file holds tests, by what it imports or by calling `describe` and the like at the top level. */
export function isTestCode(file: SourceFile): boolean {
  let answer = known.get(file);
  if (answer === undefined) known.set(file, (answer = looksLikeTest(file)));
  return answer;
}

function looksLikeTest(file: SourceFile): boolean {
  return file.ast.body.some((statement) => {
    if (statement.type === 'ImportDeclaration') return statement.importKind !== 'type' && TEST_MODULE.test(statement.source.value);
    if (statement.type !== 'ExpressionStatement') return false;
    let callee = skipWrappers(statement.expression);
    while (callee.type === 'CallExpression' || callee.type === 'MemberExpression') {
      callee = skipWrappers(callee.type === 'CallExpression' ? callee.callee : callee.object);
    }
    return statement.expression.type === 'CallExpression' && callee.type === 'Identifier' && TEST_GLOBAL.test(callee.name) && file.isGlobal(callee);
  });
}
