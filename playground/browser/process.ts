/** What libraries made for Node look at while they load. */
const process = { env: {}, argv: [], platform: 'browser', browser: true, versions: {}, cwd: () => '/', emitWarning: () => undefined };

Object.assign(globalThis, { process });
