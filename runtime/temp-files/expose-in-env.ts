interface Layer {
  value: string;
}

interface Variable {
  /** The value before the first layer. */
  base: string | undefined;
  layers: Layer[];
}

const variables = /* @__PURE__ */ new Map<string, Variable>();

/**
 * Sets an environment variable of this process until disposed; then the earlier value is back, or the variable is
 * gone when there was none.
 *
 * Exposures of one variable can overlap and end in any order: the youngest one that has not ended is what is seen,
 * and after the last one the value from before the first.
 *
 * @throws TypeError when the name is empty or holds `=` or a NUL, or the value holds a NUL
 *
 * @example
 * ```ts
 * using _region = exposeInEnv('AWS_REGION', 'eu-west-1');
 * await run(job);
 * ```
 */
export function exposeInEnv(name: string, value: string): Disposable {
  if (name === '' || /[=\0]/.test(name) || value.includes('\0')) {
    throw new TypeError(`${JSON.stringify(name)} cannot be set as an environment variable.`);
  }
  // Windows does not distinguish upper and lower case here.
  const key = process.platform === 'win32' ? name.toUpperCase() : name;
  const variable = variables.get(key) ?? { base: process.env[name], layers: [] };
  const layer: Layer = { value };
  variables.set(key, variable);
  variable.layers.push(layer);
  process.env[name] = value;
  return { [Symbol.dispose]: () => removeLayer(name, key, variable, layer) };
}

function removeLayer(name: string, key: string, variable: Variable, layer: Layer): void {
  const index = variable.layers.indexOf(layer);
  if (index === -1) {
    return;
  }
  variable.layers.splice(index, 1);
  restore(name, variable.layers.at(-1)?.value ?? variable.base);
  if (variable.layers.length === 0) {
    variables.delete(key);
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) {
    delete process.env[name];
  } else {
    process.env[name] = value;
  }
}
