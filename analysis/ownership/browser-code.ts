import type { SourceFile } from '../source-file.js';

const known = new WeakMap<SourceFile, boolean>();
const BROWSER_GLOBALS = new Set(['document', 'window', 'localStorage', 'sessionStorage', 'navigator', 'location', 'alert', 'HTMLElement']);

/** Whether a file is written for browsers: it uses a global that only they have, says `'use client'`, or holds JSX. */
export function isBrowserCode(file: SourceFile): boolean {
  let isBrowser = known.get(file);
  if (isBrowser === undefined) known.set(file, (isBrowser = detect(file)));
  return isBrowser;
}

function detect(file: SourceFile): boolean {
  const [first] = file.ast.body;
  if (first?.type === 'ExpressionStatement' && 'directive' in first && first.directive === 'use client') return true;
  if (file.filename && /\.[jt]sx$/.test(file.filename) && /<\w/.test(file.text) && /from ['"]react['"]|jsx/i.test(file.text)) return true;
  for (const scope of file.scopeManager.scopes) {
    for (const { identifier } of scope.references) {
      // typeof window === 'undefined' asks where it runs; everything else relies on the answer.
      const isAsked = identifier.parent?.type === 'UnaryExpression' && identifier.parent.operator === 'typeof';
      if (!isAsked && identifier.type === 'Identifier' && BROWSER_GLOBALS.has(identifier.name) && file.isGlobal(identifier)) return true;
    }
  }
  return false;
}
