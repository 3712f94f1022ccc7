import plugin from 'eslint-plugin-watertight';
import { describe, expect, it } from 'vitest';

const rulesOf = (preset: string): Record<string, unknown> => ({ ...plugin.configs[preset as keyof typeof plugin.configs].rules });
/** Rules of ESLint that one of the plugin stands in for are turned off. */
const ownRulesOf = (preset: string) => Object.keys(rulesOf(preset)).filter((name) => name.startsWith('watertight/'));
const PHASES = ['phase-1', 'phase-2', 'phase-3', 'phase-4'];

describe('the presets of the phases', () => {
  it.each(PHASES.slice(1).map((phase, index) => [phase, PHASES[index]!]))('%s has every setting of %s, and more rules', (phase, earlier) => {
    expect(rulesOf(phase)).toMatchObject(rulesOf(earlier));
    expect(ownRulesOf(phase).length).toBeGreaterThan(ownRulesOf(earlier).length);
  });

  it('begin with leaks, go on with races and security, then with the context of errors, and end with everything', () => {
    expect(rulesOf('phase-1')).toMatchObject({ 'watertight/no-unclosed-response-body': 'error', 'watertight/no-unclosed-resource': 'error', 'watertight/no-unmanaged-temp-file': 'error' });
    const added = (phase: string, earlier: string) => ownRulesOf(phase).filter((name) => !ownRulesOf(earlier).includes(name));
    expect(added('phase-2', 'phase-1')).toEqual(expect.arrayContaining(['watertight/no-racy-update', 'watertight/no-shadowed-cors-variable', 'watertight/no-unsafe-cors-origin']));
    expect(added('phase-3', 'phase-2')).toEqual(['watertight/require-error-cause']);
    expect(ownRulesOf('phase-4').sort()).toEqual(Object.keys(plugin.rules).map((name) => `watertight/${name}`).sort());
  });

  it('end where `recommended` does, then where `strict` does', () => {
    expect(rulesOf('phase-3')).toEqual(rulesOf('recommended'));
    expect(rulesOf('phase-4')).toEqual(rulesOf('strict'));
    expect(ownRulesOf('all').sort()).toEqual(ownRulesOf('strict').sort());
  });
});
