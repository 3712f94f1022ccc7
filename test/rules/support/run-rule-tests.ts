import * as parser from '@typescript-eslint/parser';
import { type InvalidTestCase, RuleTester, type ValidTestCase } from '@typescript-eslint/rule-tester';
import { Linter } from '@typescript-eslint/utils/ts-eslint';
import plugin from 'eslint-plugin-watertight';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import type { AnyRule } from '../../../rules/support/create-rule.js';

RuleTester.afterAll = afterAll;
RuleTester.it = it;
RuleTester.itOnly = it.only;
RuleTester.describe = describe;

type Options = readonly unknown[];

export type Valid = string | ValidTestCase<Options>;
export type Invalid = InvalidTestCase<string, Options>;

interface RuleTests {
  readonly valid: readonly Valid[];
  readonly invalid: readonly Invalid[];
}

/**
 * Runs the cases of a rule and what holds for every rule: it is silent on an empty file and on broken or odd
 * syntax, it works in plain JavaScript, every error has a full position, and what a suggestion writes parses, is no
 * longer reported at that place, and brings no other finding of any rule.
 */
export function runRuleTests(rule: AnyRule, { valid, invalid }: RuleTests): void {
  const tester = new RuleTester({ languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } } });
  tester.run(rule.name, rule as never, { valid: [...valid] as never, invalid: [...invalid] as never });

  describe(`${rule.name}: what holds for every rule`, () => {
    it('has cases on both sides', () => {
      expect(valid.length).toBeGreaterThan(0);
      expect(invalid.length).toBeGreaterThan(0);
    });

    it('is silent on an empty file', () => {
      expect(lint(rule, '')).toEqual([]);
    });

    it.each(invalid.map((test) => [test.code, test] as const))('gives four positions for every error: %s', (_code, test) => {
      for (const error of test.errors) {
        expect([error.line, error.column, error.endLine, error.endColumn].every((value) => typeof value === 'number')).toBe(true);
      }
    });

    const suggestions = invalid.flatMap((test) =>
      test.errors.flatMap((error, index) => (error.suggestions ?? []).map((suggestion) => ({ test, index, output: suggestion.output }))),
    );
    it.each(suggestions)('writes code that parses and is reported less: $output', ({ test, output }) => {
      const { diagnostics = [] } = ts.transpileModule(output, {
        reportDiagnostics: true,
        fileName: test.filename ?? 'file.tsx',
        compilerOptions: { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, jsx: ts.JsxEmit.Preserve },
      });
      expect(diagnostics.map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'))).toEqual([]);
      const before = lint(rule, test.code, test);
      const after = lint(rule, output, test);
      expect(after.length).toBeLessThan(before.length);
    });
  });
}

/** Lints with one rule of the plugin and returns the messages; a crash of the rule or a parse error fails the test. */
export function lint(rule: AnyRule, code: string, test: { options?: Options; filename?: string; settings?: unknown } = {}) {
  const linter = new Linter({ configType: 'flat' });
  const messages = linter.verify(
    code,
    [
      {
        files: ['**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}'],
        languageOptions: { parser: parser as never, parserOptions: { ecmaFeatures: { jsx: true } } },
        plugins: { watertight: plugin },
        settings: (test.settings ?? {}) as never,
        rules: { [`watertight/${rule.name}`]: ['error', ...(test.options ?? [])] as never },
      },
    ],
    { filename: test.filename ?? 'file.tsx' },
  );
  const fatal = messages.find((message) => message.fatal);
  if (fatal) throw new Error(`${fatal.message} in\n${code}`);
  return messages;
}
