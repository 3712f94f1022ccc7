import type { Target } from 'watertight-codemods';

/** How a file loads modules. In TypeScript one writes `import`, whatever it is compiled to. */
export function getModuleFormat(path: string, text: string, packageType: 'module' | 'commonjs'): Target['moduleFormat'] {
  if (/\.(?:[cm]?tsx?|mjs)$/.test(path)) return 'esm';
  if (path.endsWith('.cjs')) return 'commonjs';
  if (/^\s*(?:import\b(?!\s*[(.])|export\b)/m.test(text)) return 'esm';
  if (/\brequire\s*\(|\bmodule\.exports\b|^\s*exports\./m.test(text)) return 'commonjs';
  return packageType === 'module' ? 'esm' : 'commonjs';
}
