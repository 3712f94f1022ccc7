import { createRequire } from 'node:module';
import { Linter } from 'eslint';
import plugin from 'eslint-plugin-watertight';
import { describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
const CODE = 'export function load(text) {\n  try {\n    return start(text);\n  } catch (error) {\n    throw new Error("not started");\n  }\n}\n';

/** What `js.configs.recommended` of ESLint 10 has on. */
const recommended: Linter.Config = { rules: { 'preserve-caught-error': 'error' } };

function report(engine: typeof Linter, ...configs: Linter.Config[]): (string | null)[] {
  return new engine({ configType: 'flat' }).verify(CODE, configs, { filename: 'a.js' }).map(({ ruleId, message }) => ruleId ?? message);
}

describe('a preset behind the recommended rules of ESLint', () => {
  it.each(['recommended', 'strict', 'all', 'phase-3', 'phase-4'] as const)('%s reports a lost cause once', (name) => {
    expect(report(Linter, recommended)).toEqual(['preserve-caught-error']);
    expect(report(Linter, recommended, plugin.configs[name] as Linter.Config)).toEqual(['watertight/require-error-cause']);
  });

  it.each(['phase-1', 'phase-2'] as const)('%s leaves the rule of ESLint on', (name) => {
    expect(report(Linter, recommended, plugin.configs[name] as Linter.Config)).toEqual(['preserve-caught-error']);
  });

  it('leaves it to the rule of ESLint where that is turned on again', () => {
    const own = { ...recommended.rules, 'watertight/require-error-cause': ['error', { checkPlainErrors: false }] } as Linter.RulesRecord;
    expect(report(Linter, plugin.configs.recommended as Linter.Config, { rules: own })).toEqual(['preserve-caught-error']);
  });

  it.each(['8', '9'])('does not disturb ESLint %s', (major) => {
    const { Linter: Older } = require(`../hosts/eslint-${major}/node_modules/eslint`) as { Linter: typeof Linter };
    expect(report(Older, plugin.configs.recommended as Linter.Config)).toEqual(['watertight/require-error-cause']);
  });
});
