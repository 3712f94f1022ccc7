import rule from '../../rules/no-unremoved-listener.js';
import { t } from './support/dedent-snippet.js';
import { type Invalid, runRuleTests } from './support/run-rule-tests.js';

type Data = Record<string, string>;
type Position = readonly [line: number, column: number, endLine: number, endColumn: number];
type Suggestion = { messageId: string; data?: Data; output: string };

/** An error with its four positions. */
function error(messageId: string, [line, column, endLine, endColumn]: Position, data: Data, suggestions: Suggestion[] = []): Invalid['errors'][number] {
  return { messageId, line, column, endLine, endColumn, data, suggestions };
}

const eachRequest = t`
  import { bus } from './bus.js';
  export function stream(req, res) {
    bus.on('update', (update) => res.write(update));
  }
`;
const errorsOfTheWorker = t`
  export class Client {
    constructor(private readonly worker: Worker) {}
    ask(question: string) {
      return new Promise((resolve) => {
        this.worker.on('message', (answer) => resolve(answer));
        this.worker.postMessage(question);
      });
    }
  }
`;

runRuleTests(rule, {
  valid: [
    { name: 'a test, which ends soon', code: 'export class A { constructor() { process.on("exit", () => this.end()); } end() {} close() {} }', filename: 'a.test.ts' },
    { name: 'the start of a program', code: "process.on('SIGTERM', () => server.close());" },
    { name: 'what main does', code: "async function main() { process.on('SIGTERM', () => stop()); await run(); }\nmain();" },
    {
      name: 'removed in close() through an arrow field',
      code: t`
        export class Provider {
          constructor() {
            process.on('SIGTERM', this.onSigterm);
          }
          onSigterm = () => this.flush();
          close() {
            process.off('SIGTERM', this.onSigterm);
          }
        }
      `,
    },
    {
      name: 'removed from a list',
      code: t`
        export class Server {
          listeners = [];
          start() {
            for (const signal of ['SIGINT', 'SIGTERM']) {
              const listener = () => this.stop();
              this.listeners.push({ signal, listener });
              process.on(signal, listener);
            }
          }
          stop() {
            for (const { signal, listener } of this.listeners) process.removeListener(signal, listener);
          }
        }
      `,
    },
    {
      name: 'an outer variable that the close() of the returned object removes',
      code: t`
        export function createServer() {
          let exitProcess;
          const server = {
            close() {
              process.off('SIGTERM', exitProcess);
            },
          };
          exitProcess = async () => server.close();
          process.once('SIGTERM', exitProcess);
          return server;
        }
      `,
    },
    { name: 'removed with all others', code: "export class A { constructor() { process.on('message', (m) => this.on(m)); } close() { process.removeAllListeners('message'); } }" },
    { name: 'no end that could remove it', code: "export class A { constructor() { process.on('message', (m) => this.on(m)); } on() {} }" },
    { name: 'the one instance of the module', code: "class A { constructor() { process.on('message', (m) => this.take(m)); } close() {} }\nexport const a = new A();" },
    { name: 'what the instance made itself', code: "export class A { constructor() { this.bus = new EventEmitter(); this.bus.on('x', () => this.go()); } close() {} }" },
    { name: 'an emitter that the class ends', code: "export class A { constructor(bus) { bus.on('x', () => this.go()); this.bus = bus; } close() { this.bus.close(); } }" },
    { name: 'a signal that ends it', code: "export class A { constructor(signal) { window.addEventListener('resize', () => this.go(), { signal }); } destroy() {} }" },
    { name: 'an end that ends the process', code: "export class A { constructor() { process.on('SIGTERM', () => this.stop()); } stop() { process.exit(0); } }" },
    { name: 'once for the module', code: "let installed = false;\nexport class A { constructor() { if (!installed) { installed = true; process.on('SIGTERM', () => flush()); } } close() {} }" },
    { name: 'an event that comes once', code: "export class A { constructor() { window.addEventListener('load', () => this.go()); } destroy() {} }" },
    { name: 'the way to remove it is kept', code: "export class A { constructor() { this.off = process.on('x', () => this.go()); } close() { this.off(); } }" },
    { name: 'off that removes', code: 'export class A { off(event, handler) { this.emitter.off(event, handler); } }' },
    { name: 'on that adds', code: 'export class A { on(event, handler) { this.emitter.on(event, handler); } }' },
    { name: 'off that tells of it', code: "export class A { off(event, handler) { this.emitter.removeListener(event, handler); this.emitter.on('removed', handler); } }" },
    { name: 'an effect with a clean-up', code: "useEffect(() => {\n  window.addEventListener('resize', onResize);\n  return () => window.removeEventListener('resize', onResize);\n}, []);" },
    { name: 'an effect that returns the way to unsubscribe', code: "import { store } from './store.js';\nuseEffect(() => store.subscribe(draw), []);" },
    { name: 'an effect that keeps the way to unsubscribe', code: "import { store } from './store.js';\nuseEffect(() => { const off = store.subscribe(draw); return () => off(); }, []);" },
    { name: 'an effect on what completes', code: "import { user$ } from './api.js';\nuseEffect(() => { user$.subscribe(draw); }, []);" },
    { name: 'an effect on its own element', code: "function C() { const ref = useRef(); useEffect(() => { ref.current.addEventListener('click', () => go()); }, []); }" },
    { name: 'a component that removes it', code: "class C extends Component { componentDidMount() { window.addEventListener('resize', this.onResize); } componentWillUnmount() { window.removeEventListener('resize', this.onResize); } }" },
    { name: 'the request, which ends', code: "export function handle(req, res) { req.on('close', () => res.end()); }" },
    { name: 'a request that removes it', code: eachRequest.replace('(update) => res.write(update));', "write);\n  req.on('close', () => bus.off('update', write));\n  function write(update) { res.write(update); }") },
    { name: 'an answer that is heard once', code: errorsOfTheWorker.replace('.on(', '.once(') },
    { name: 'an answer of a worker of its own', code: errorsOfTheWorker.replace('return new', "this.worker = new Worker('./w.js');\n    return new") },
    { name: 'the end of a child', code: "export class A { stop() { return new Promise((resolve) => { this.child.on('exit', () => resolve()); this.child.kill(); }); } }" },
    { name: 'a pair that removes each other', code: "export class C extends EventEmitter { connect(cb) { const fail = (e) => { this.off('connect', done); cb(e); }; const done = () => { this.off('error', fail); cb(); }; this.once('error', fail); this.once('connect', done); } }" },
    { name: 'a pair on a stream that ends', code: "export function read(stream) { return new Promise((resolve, reject) => { stream.once('end', resolve); stream.once('error', reject); }); }" },
    { name: 'a request that lasts as long as its socket', code: "export async function events(req, res) { await new Promise((resolve) => { req.socket.once('close', () => resolve()); req.socket.once('end', () => resolve()); }); }" },
    { name: 'a pair on a socket of its own', code: "export function probe(port) { return new Promise((resolve, reject) => { const socket = connect(port); socket.once('connect', resolve); socket.once('error', reject); }); }" },
    { name: 'a port that is tried with a new server', code: "export async function probe(port) { const server = createServer(); server.once('error', fail); server.listen(port, () => server.close()); }" },
    { name: 'a removal of what was added', code: "const onResize = () => go();\nwindow.addEventListener('resize', onResize, true);\nwindow.removeEventListener('resize', onResize, { capture: true });" },
    { name: 'a handler that goes until the exit', code: "export async function importKey(file) { process.on('exit', () => rmSync(file)); await add(file); return file; }" },
    { name: 'both listeners are taken back', code: "export class P { go(task) { const runner = this.getRunner(task); const onError = (e) => task.reject(e); const done = () => { runner.off('message', done); runner.off('error', onError); task.resolve(); }; runner.on('error', onError); runner.on('message', done); } }" },
    { name: 'one of two is taken back from a runner of its own', code: "export class P { go(task) { const runner = new Runner(task); const done = () => { runner.off('message', done); task.resolve(); }; runner.on('error', (e) => task.reject(e)); runner.on('message', done); } }" },
    { name: 'a listener for errors that listening takes back', code: "export class L { listen(port) { return new Promise((resolve, reject) => { this.server.once('error', reject); this.server.listen(port, () => { this.server.off('error', reject); resolve(); }); }); } }" },
    { name: 'a server of its own', code: "export class L { listen(port) { this.server = createServer(); return new Promise((resolve, reject) => { this.server.once('error', reject); this.server.listen(port, resolve); }); } }" },
    { name: 'a removal that comes first, of a function of the module', code: "const stop = () => flush();\nexport function start() { process.off('exit', stop); process.on('exit', stop); }" },
    { name: 'a local that is called process', code: "export async function run(process, child) { process.on('SIGINT', () => child.kill()); await child; return 1; }" },
  ],
  invalid: [
    {
      name: 'each instance adds a handler written in place',
      code: t`
        export class Provider {
          constructor() {
            process.on('SIGTERM', () => this.flush());
          }
          close() {
            this.flush();
          }
        }
      `,
      filename: 'provider.ts',
      errors: [
        error('instance', [3, 5, 3, 15], { owner: 'Provider', event: " for 'SIGTERM'", target: 'process', teardown: 'close' }, [
          {
            messageId: 'teardown',
            data: { teardown: 'close' },
            output: t`
              export class Provider {
                readonly #removals: (() => void)[] = [];
                constructor() {
                  const onSigterm = () => this.flush();
                  process.on('SIGTERM', onSigterm);
                  this.#removals.push(() => process.off('SIGTERM', onSigterm));
                }
                close() {
                  for (const remove of this.#removals.splice(0)) remove();
                  this.flush();
                }
              }
            `,
          },
        ]),
      ],
    },
    {
      name: 'each object of a factory, with a handler that has a name',
      code: t`
        export async function createServer() {
          const server = {
            async close() {
              await stop();
            },
          };
          const exitProcess = async () => server.close();
          process.once('SIGTERM', exitProcess);
          return server;
        }
      `,
      filename: 'server.js',
      errors: [
        error('instance', [8, 3, 8, 15], { owner: 'createServer', event: " for 'SIGTERM'", target: 'process', teardown: 'close' }, [
          {
            messageId: 'teardown',
            data: { teardown: 'close' },
            output: t`
              export async function createServer() {
                const removals = [];
                const server = {
                  async close() {
                    for (const remove of removals.splice(0)) remove();
                    await stop();
                  },
                };
                const exitProcess = async () => server.close();
                process.once('SIGTERM', exitProcess);
                removals.push(() => process.off('SIGTERM', exitProcess));
                return server;
              }
            `,
          },
        ]),
      ],
    },
    {
      name: 'another handler is removed',
      code: t`
        export class A {
          start() {
            process.on('SIGTERM', onTerm);
            process.on('SIGTERM', onOther);
          }
          stop() {
            process.off('SIGTERM', onOther);
          }
        }
        function onTerm() {}
        function onOther() {}
      `,
      filename: 'a.js',
      errors: [
        error('instance', [3, 5, 3, 15], { owner: 'A', event: " for 'SIGTERM'", target: 'process', teardown: 'stop' }, [
          {
            messageId: 'teardown',
            data: { teardown: 'stop' },
            output: t`
              export class A {
                #removals = [];
                start() {
                  process.on('SIGTERM', onTerm);
                  this.#removals.push(() => process.off('SIGTERM', onTerm));
                  process.on('SIGTERM', onOther);
                }
                stop() {
                  for (const remove of this.#removals.splice(0)) remove();
                  process.off('SIGTERM', onOther);
                }
              }
              function onTerm() {}
              function onOther() {}
            `,
          },
        ]),
      ],
    },
    {
      name: 'for each of several signals',
      code: t`
        export class Server {
          initialize() {
            ['SIGINT', 'SIGTERM'].forEach((signal) => process.on(signal, () => this.stop()));
          }
          stop() {}
        }
      `,
      errors: [error('instance', [3, 47, 3, 57], { owner: 'Server', event: ' for `signal`', target: 'process', teardown: 'stop' })],
    },
    {
      name: 'a stream of the process, and a bus that a caller gave',
      code: t`
        export class Shell {
          constructor(readonly eventBus: EventEmitter) {
            process.stdin.on('data', this.take);
            if (this.wants) eventBus.on('job', this.take);
          }
          take(chunk) {}
          [Symbol.dispose]() {
            this.log();
          }
        }
      `,
      filename: 'shell.ts',
      errors: [
        error('instance', [3, 5, 3, 21], { owner: 'Shell', event: " for 'data'", target: 'process.stdin', teardown: 'Symbol.dispose' }, [
          {
            messageId: 'teardown',
            data: { teardown: 'Symbol.dispose' },
            output: t`
              export class Shell {
                readonly #removals: (() => void)[] = [];
                constructor(readonly eventBus: EventEmitter) {
                  process.stdin.on('data', this.take);
                  this.#removals.push(() => process.stdin.off('data', this.take));
                  if (this.wants) eventBus.on('job', this.take);
                }
                take(chunk) {}
                [Symbol.dispose]() {
                  for (const remove of this.#removals.splice(0)) remove();
                  this.log();
                }
              }
            `,
          },
        ]),
        error('instance', [4, 21, 4, 32], { owner: 'Shell', event: " for 'job'", target: 'eventBus', teardown: 'Symbol.dispose' }),
      ],
    },
    {
      name: 'off that adds',
      code: t`
        export class Channel {
          off(event, callback) {
            this.emitter.addListener(event, callback);
          }
        }
      `,
      errors: [
        error('addedInRemoval', [3, 5, 3, 29], { call: 'this.emitter.addListener', detail: '`off`', counterpart: 'removeListener' }, [
          {
            messageId: 'counterpart',
            data: { counterpart: 'removeListener' },
            output: t`
              export class Channel {
                off(event, callback) {
                  this.emitter.removeListener(event, callback);
                }
              }
            `,
          },
        ]),
      ],
    },
    {
      name: 'a clean-up that adds',
      code: t`
        useEffect(() => {
          const onResize = () => draw();
          window.addEventListener('resize', onResize);
          return () => {
            window.addEventListener('resize', onResize);
          };
        }, []);
      `,
      errors: [
        error('addedInRemoval', [5, 5, 5, 28], { call: 'window.addEventListener', detail: 'the clean-up', counterpart: 'removeEventListener' }, [
          {
            messageId: 'counterpart',
            data: { counterpart: 'removeEventListener' },
            output: t`
              useEffect(() => {
                const onResize = () => draw();
                window.addEventListener('resize', onResize);
                return () => {
                  window.removeEventListener('resize', onResize);
                };
              }, []);
            `,
          },
        ]),
      ],
    },
    {
      name: 'a removal of a function that was made for it',
      code: t`
        export class View {
          open() { document.addEventListener('keydown', this.onKey.bind(this)); }
          hide() { document.removeEventListener('keydown', this.onKey.bind(this)); }
        }
      `,
      errors: [error('removesNothing', [3, 12, 3, 40], { call: 'document.removeEventListener', detail: 'is given a new function', event: " for 'keydown'" })],
    },
    {
      name: 'a removal without the capture flag',
      code: t`
        const onKey = () => go();
        export const open = () => void document.addEventListener('keydown', onKey, true);
        export const hide = () => void document.removeEventListener('keydown', onKey);
      `,
      errors: [error('removesNothing', [3, 32, 3, 60], { call: 'document.removeEventListener', detail: 'lacks the capture flag', event: " for 'keydown'" })],
    },
    {
      name: 'an effect without a clean-up',
      code: t`
        useEffect(() => {
          window.addEventListener('resize', () => draw());
        }, []);
      `,
      errors: [
        error('effect', [2, 3, 2, 26], { event: " for 'resize'", target: 'window', detail: 'the effect' }, [
          {
            messageId: 'cleanup',
            output: t`
              useEffect(() => {
                const onResize = () => draw();
                window.addEventListener('resize', onResize);
                return () => window.removeEventListener('resize', onResize);
              }, []);
            `,
          },
        ]),
      ],
    },
    {
      name: 'an effect that drops the way to unsubscribe',
      code: t`
        import { store } from './store.js';
        useEffect(() => {
          draw();
          store.subscribe(() => draw());
        }, []);
      `,
      errors: [
        error('effect', [4, 3, 4, 18], { event: '', target: 'store', detail: 'the effect' }, [
          {
            messageId: 'cleanup',
            output: t`
              import { store } from './store.js';
              useEffect(() => {
                draw();
                return store.subscribe(() => draw());
              }, []);
            `,
          },
        ]),
      ],
    },
    {
      name: 'a component that does not remove it',
      code: t`
        class C extends Component {
          componentDidMount() {
            window.addEventListener('resize', this.onResize);
          }
        }
      `,
      errors: [error('effect', [3, 5, 3, 28], { event: " for 'resize'", target: 'window', detail: '`componentWillUnmount`' })],
    },
    {
      name: 'an element of its own kind that does not remove it',
      code: t`
        class Menu extends HTMLElement {
          connectedCallback() {
            document.addEventListener('click', () => this.hide());
          }
        }
      `,
      errors: [error('effect', [3, 5, 3, 30], { event: " for 'click'", target: 'document', detail: '`disconnectedCallback`' })],
    },
    {
      name: 'each request adds one',
      code: eachRequest,
      errors: [error('call', [3, 3, 3, 9], { detail: 'each request', event: " for 'update'", target: 'bus' })],
    },
    {
      name: 'a request that may end before its socket',
      code: t`
        export async function events(req, res) {
          await new Promise((resolve) => {
            res.once('finish', resolve);
            req.socket.once('close', () => resolve());
          });
        }
      `,
      errors: [error('call', [4, 5, 4, 20], { detail: 'each request', event: " for 'close'", target: 'req.socket' })],
    },
    {
      name: 'a socket that is kept alive',
      code: t`
        export function handle(req, res) {
          req.socket.on('timeout', () => res.end());
        }
      `,
      errors: [error('call', [2, 3, 2, 16], { detail: 'each request', event: " for 'timeout'", target: 'req.socket' })],
    },
    {
      name: 'each answer that is waited for adds one',
      code: errorsOfTheWorker,
      errors: [error('call', [5, 7, 5, 21], { detail: 'each call of `ask`', event: " for 'message'", target: 'this.worker' })],
    },
    {
      name: 'work that ends before its signal handler',
      code: t`
        export async function build(files) {
          const child = fork(files);
          process.on('SIGINT', () => child.kill());
          return await child.done;
        }
      `,
      errors: [error('call', [3, 3, 3, 13], { detail: 'each call of `build`', event: " for 'SIGINT'", target: 'process' })],
    },
    {
      name: 'a subclass, whose base class cannot know of it',
      code: t`
        export class ClusterAdapter extends Adapter {
          constructor(nsp) {
            super(nsp);
            process.on('message', (message) => this.onMessage(message));
          }
        }
      `,
      errors: [error('call', [4, 5, 4, 15], { detail: 'each `ClusterAdapter`', event: " for 'message'", target: 'process' })],
    },
    {
      name: 'a pair of which one stays',
      code: t`
        export class Connection extends EventEmitter {
          connect(callback) {
            this.once('error', once(callback, true));
            this.once('connect', once(callback, false));
          }
        }
      `,
      errors: [error('pair', [3, 5, 3, 14], { event: " for 'error'", target: 'this', detail: "'connect'" })],
    },
    {
      name: 'each wait for room leaves a listener for errors',
      code: t`
        export async function copy(chunks, out) {
          for (const chunk of chunks) {
            if (!out.write(chunk)) {
              await new Promise((resolve, reject) => {
                out.once('drain', resolve);
                out.once('error', reject);
              });
            }
          }
        }
      `,
      errors: [error('pair', [6, 9, 6, 17], { event: " for 'error'", target: 'out', detail: "'drain'" })],
    },
    {
      name: 'each attempt to listen leaves its callback',
      code: t`
        export async function start(server) {
          for (let port = 3000; port < 3010; port++) if (await bind(server, port)) return port;
        }
        function bind(server, port) {
          return new Promise((resolve) => {
            const onError = () => {
              server.off('error', onError);
              resolve(false);
            };
            server.on('error', onError);
            server.listen(port, () => resolve(true));
          });
        }
      `,
      errors: [error('failedListen', [11, 5, 11, 18], { target: 'server' })],
    },
    {
      name: 'one of two listeners is taken back',
      code: t`
        export class Pool {
          schedule(task) {
            const runner = this.getRunner(task);
            runner.on('error', (error) => task.reject(error));
            const onFinished = () => {
              runner.off('message', onFinished);
              task.resolve();
            };
            runner.on('message', onFinished);
          }
        }
      `,
      errors: [error('sibling', [4, 5, 4, 14], { event: " for 'error'", target: 'runner', detail: "'message'" })],
    },
    {
      name: 'a listener for errors that stays when the server listens',
      code: t`
        export class Listener {
          listen(port) {
            return new Promise((resolve, reject) => {
              this.server.on('error', (error) => reject(error));
              this.server.listen(port, resolve);
            });
          }
        }
      `,
      errors: [error('pair', [4, 7, 4, 21], { event: " for 'error'", target: 'this.server', detail: "'listening'" })],
    },
    {
      name: 'a removal that comes first',
      code: t`
        export async function start(proxy) {
          const stop = () => proxy.kill();
          process.off('exit', stop);
          process.on('exit', stop);
          await proxy.done;
        }
      `,
      errors: [error('removesNothing', [3, 3, 3, 14], { call: 'process.off', detail: 'names a function that was just made and is added only afterwards', event: " for 'exit'" })],
    },
    {
      name: 'what is likely, when asked for',
      code: "export class A { constructor() { process.on('message', (m) => this.take(m)); } take() {} }",
      options: [{ includePotential: true }],
      errors: [error('call', [1, 34, 1, 44], { detail: 'each call of `constructor`', event: " for 'message'", target: 'process' })],
    },
    {
      name: 'a test, when asked for',
      code: 'export class A { off(event, handler) { this.bus.on(event, handler); } }',
      filename: 'a.test.ts',
      options: [{ checkTestFiles: true }],
      errors: [
        error('addedInRemoval', [1, 40, 1, 51], { call: 'this.bus.on', detail: '`off`', counterpart: 'off' }, [
          { messageId: 'counterpart', data: { counterpart: 'off' }, output: 'export class A { off(event, handler) { this.bus.off(event, handler); } }' },
        ]),
      ],
    },
  ],
});
