import { Project } from 'ts-morph';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../codemods/runner/apply-edits.js';
import { NameTakenError, getImportEdits } from '../../../codemods/runner/get-import-edits.js';
import type { NeededImport } from '../../../codemods/types.js';

const project = new Project({ useInMemoryFileSystem: true });

function addImports(text: string, names: readonly string[] = ['held'], format: 'esm' | 'commonjs' = 'esm', module = 'kit'): string {
  const file = project.createSourceFile(format === 'esm' ? 'file.tsx' : 'file.js', text, { overwrite: true });
  const needed: NeededImport[] = names.map((name) => ({ module, name }));
  return applyEdits(text, getImportEdits(file.compilerNode, needed, format));
}

const cases: readonly [name: string, before: string, after: string, names?: readonly string[]][] = [
  ['adds a name to a list', `import { a } from 'kit';\n`, `import { a, held } from 'kit';\n`],
  ['adds several names', `import { a } from 'kit';\n`, `import { a, held, kept } from 'kit';\n`, ['held', 'kept']],
  ['adds only what is missing', `import { held } from 'kit';\n`, `import { held, kept } from 'kit';\n`, ['held', 'kept']],
  ['changes nothing when all is there', `import { held } from 'kit';\n`, `import { held } from 'kit';\n`],
  ['asks for a name once', `import { a } from 'kit';\n`, `import { a, held } from 'kit';\n`, ['held', 'held']],
  ['keeps a trailing comma', `import { a, } from 'kit';\n`, `import { a, held, } from 'kit';\n`],
  ['fills an empty list', `import {} from 'kit';\n`, `import { held } from 'kit';\n`],
  ['adds a list to a default import', `import kit from 'kit';\n`, `import kit, { held } from 'kit';\n`],
  [
    'writes a line in a list of lines',
    `import {\n  a,\n  b,\n} from 'kit';\n`,
    `import {\n  a,\n  b,\n  held,\n} from 'kit';\n`,
  ],
  [
    'leaves a comment with the name it stands behind',
    `import {\n\ta,\n\tb // why b\n} from 'kit'\n`,
    `import {\n\ta,\n\tb, // why b\n\theld\n} from 'kit'\n`,
  ],
  [
    'adds a statement beside a namespace import',
    `import * as kit from 'kit';\n\nkit();\n`,
    `import * as kit from 'kit';\nimport { held } from 'kit';\n\nkit();\n`,
  ],
  [
    'adds a statement beside a type import',
    `import type { A } from 'kit';\n`,
    `import type { A } from 'kit';\nimport { held } from 'kit';\n`,
  ],
  ['joins inline type imports', `import { type A } from 'kit';\n`, `import { type A, held } from 'kit';\n`],
  [
    'brings in a name that is there under another one',
    `import { held as h } from 'kit';\n`,
    `import { held as h, held } from 'kit';\n`,
  ],
  [
    'adds after the last import, behind its comment',
    `import a from 'a'; // first\nimport b from 'b'; // last\n\nb();\n`,
    `import a from 'a'; // first\nimport b from 'b'; // last\nimport { held } from 'kit';\n\nb();\n`,
  ],
  ['goes between two statements of one line', `import a from 'a'; a();\n`, `import a from 'a';\nimport { held } from 'kit'; a();\n`],
  ['takes over double quotes', `import a from "a";\n`, `import a from "a";\nimport { held } from "kit";\n`],
  ['takes over a style without semicolons', `import a from 'a'\n`, `import a from 'a'\nimport { held } from 'kit'\n`],
  ['takes over CRLF', `import a from 'a';\r\n\r\na();\r\n`, `import a from 'a';\r\nimport { held } from 'kit';\r\n\r\na();\r\n`],
  ['starts a file without imports', `run();\n`, `import { held } from 'kit';\n\nrun();\n`],
  ['takes quotes from strings where there is no import', `run("a");\n`, `import { held } from "kit";\n\nrun("a");\n`],
  ['does not take quotes from JSX', `const a = <b c="d" />;\n`, `import { held } from 'kit';\n\nconst a = <b c="d" />;\n`],
  ['does not double an empty line', `\nrun();\n`, `import { held } from 'kit';\n\nrun();\n`],
  ['stays below a shebang', `#!/usr/bin/env node\nrun();\n`, `#!/usr/bin/env node\n\nimport { held } from 'kit';\n\nrun();\n`],
  [
    'stays below directives',
    `'use client';\n'use strict'; // both\n\nrun();\n`,
    `'use client';\n'use strict'; // both\n\nimport { held } from 'kit';\n\nrun();\n`,
  ],
  [
    'stays below a license that is set apart',
    `/*\n * Some terms.\n */\n\n/** Runs. */\nfunction run() {}\n`,
    `/*\n * Some terms.\n */\n\nimport { held } from 'kit';\n\n/** Runs. */\nfunction run() {}\n`,
  ],
  [
    'stays below comments about the whole file',
    `// Copyright someone\n// @ts-check\n/* eslint-disable no-console */\nrun();\n`,
    `// Copyright someone\n// @ts-check\n/* eslint-disable no-console */\n\nimport { held } from 'kit';\n\nrun();\n`,
  ],
  [
    'stays below triple-slash references',
    `/// <reference types="node" />\nrun();\n`,
    `/// <reference types="node" />\n\nimport { held } from 'kit';\n\nrun();\n`,
  ],
  [
    'leaves the comment of the first statement with it',
    `// eslint-disable-next-line no-console\nconsole.log(1);\n`,
    `import { held } from 'kit';\n\n// eslint-disable-next-line no-console\nconsole.log(1);\n`,
  ],
];

describe('imports', () => {
  it.each(cases)('%s', (_, before, after, names) => {
    expect(addImports(before, names)).toBe(after);
  });

  it('adds nothing more the second time', () => {
    for (const [, before, , names] of cases) {
      const once = addImports(before, names);
      expect(addImports(once, names)).toBe(once);
    }
  });

  it.each([
    ['a function', 'function held() {}\n'],
    ['a destructured constant', 'const { a: [held] } = kit;\n'],
    ['an import of another module', `import { held } from 'other';\n`],
    ['a default import', `import held from 'kit';\n`],
    ['a type import', `import type { held } from 'kit';\n`],
    ['a class', 'export class held {}\n'],
  ])('refuses a name that %s has taken', (_, text) => {
    expect(() => addImports(text)).toThrow(NameTakenError);
  });

  it('does not mind the name further inside', () => {
    expect(addImports('function run() { const held = 1; }\n')).toContain(`import { held } from 'kit'`);
  });
});

const requireCases: readonly [name: string, before: string, after: string][] = [
  ['adds a name to a pattern', `const { a } = require('kit');\n`, `const { a, held } = require('kit');\n`],
  [
    'adds after the last require of the head',
    `'use strict';\n\nconst fs = require('fs');\nconst b = require('b').c();\n\nconst late = 1;\nconst d = require('d');\n`,
    `'use strict';\n\nconst fs = require('fs');\nconst b = require('b').c();\nconst { held } = require('kit');\n\nconst late = 1;\nconst d = require('d');\n`,
  ],
  ['stays below directives', `'use strict';\nrun();\n`, `'use strict';\n\nconst { held } = require('kit');\n\nrun();\n`],
  ['adds beside a whole module', `const kit = require('kit');\n`, `const kit = require('kit');\nconst { held } = require('kit');\n`],
  ['adds beside a rest pattern', `const { ...kit } = require('kit');\n`, `const { ...kit } = require('kit');\nconst { held } = require('kit');\n`],
  [
    'keeps the next line a statement of its own where there are no semicolons',
    `const a = require('a')\n;(function () {})()\n`,
    `const a = require('a')\nconst { held } = require('kit')\n;(function () {})()\n`,
  ],
];

describe('require', () => {
  it.each(requireCases)('%s', (_, before, after) => {
    expect(addImports(before, ['held'], 'commonjs')).toBe(after);
  });

  it('ends its own line where the next one would go on with it', () => {
    const before = `run()\n`;
    expect(addImports(before, ['held'], 'commonjs')).toBe(`const { held } = require('kit')\n\nrun()\n`);
    expect(addImports(`[1].map(run)\n`, ['held'], 'commonjs')).toBe(`const { held } = require('kit');\n\n[1].map(run)\n`);
  });
});
