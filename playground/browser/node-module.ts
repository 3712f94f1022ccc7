import manifest from '../../rules/package.json' with { type: 'json' };

/** Stands for `node:module` in the browser: the one thing that is asked of it there is the plugin's own manifest. */
export const createRequire = () => () => manifest;
