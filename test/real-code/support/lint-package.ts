import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import plugin from 'eslint-plugin-watertight';

/** One finding in code that this project does not own. */
export interface RealFinding {
  readonly package: string;
  /** From the directory of the package, with `/`. */
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly messageId: string;
}

/** Bundles are the sources of other packages once more. */
const LARGEST = 300_000;

/** The findings of `recommended` in what a package ships, in order. Its own dependencies and declarations are left out. */
export function lintPackage(name: string, directory: string, sources = '.'): RealFinding[] {
  const findings: RealFinding[] = [];
  for (const path of findSources(join(directory, sources)).sort()) {
    const text = readFileSync(path, 'utf8');
    if (text.length > LARGEST || !canHaveFinding(text, path)) continue;
    const file = relative(directory, path).split(sep).join('/');
    for (const { ruleId, fatal, message, line, messageId } of lint(text, path, directory)) {
      if (fatal) throw new Error(`${name}/${file}:${line} ${message}`);
      findings.push({ package: name, file, line, rule: ruleId!.replace('watertight/', ''), messageId: messageId! });
    }
  }
  return findings;
}

function findSources(directory: string): string[] {
  if (statSync(directory).isFile()) return [directory];
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : findSources(path);
    return /\.[cm]?[jt]s$/.test(entry.name) && !/\.d\.[cm]?ts$|\.min\./.test(entry.name) ? [path] : [];
  });
}

function canHaveFinding(text: string, filename: string): boolean {
  return Object.values(plugin.rules).some((rule) => rule.mayReport?.({ text, filename }));
}

function lint(text: string, path: string, cwd: string): Linter.LintMessage[] {
  return new Linter({ configType: 'flat', cwd }).verify(
    text,
    [
      {
        files: ['**/*.{js,mjs,cjs,ts,mts,cts}'],
        languageOptions: { parser },
        linterOptions: { reportUnusedDisableDirectives: 'off' },
        plugins: { watertight: plugin },
        rules: (plugin.configs.recommended as { rules: object }).rules,
      },
    ],
    // Comments of others must not turn rules on or off.
    { filename: path, allowInlineConfig: false },
  );
}
