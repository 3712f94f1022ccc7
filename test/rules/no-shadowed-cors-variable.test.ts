import rule from '../../rules/no-shadowed-cors-variable.js';
import { t } from './support/dedent-snippet.js';
import { runRuleTests } from './support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // A parameter that is meant, beside a constant of the same name.
    t`
      import cors from 'cors';
      const origin = 'https://a.example';
      const allowed = [origin];
      export default cors({ origin: (origin, callback) => callback(null, allowed.includes(origin)) });
    `,
    // The variable of a loop that only fills a map.
    t`
      export function cors({ origin }) {
        const origins = Array.isArray(origin) ? origin : [origin];
        const known = {};
        for (const origin of origins) known[origin] = true;
        return (req, res) => {
          if (known[req.headers.origin]) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        };
      }
    `,
    // A callback that only trims.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        const origin = req.headers.origin;
        const clean = allowed.map((origin) => origin.trim());
        if (clean.includes(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Each handler has headers of its own.
    t`
      const headers = { 'Access-Control-Allow-Origin': 'https://a.example' };
      export const get = () => new Response('', { headers });
      export const post = () => {
        const headers = { 'Access-Control-Allow-Origin': 'https://b.example' };
        return new Response('', { headers });
      };
    `,
    // Headers that are handed to somebody who fills them.
    t`
      import { headers } from './headers.js';
      export async function handle(handler) {
        const headers = new Headers();
        await handler({ headers });
        headers.set('Access-Control-Allow-Origin', 'https://a.example');
        return new Response('', { headers });
      }
    `,
    // What is lost has nothing to do with CORS.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        let total = 0;
        for (const entry of allowed) {
          const total = entry.length;
        }
        res.setHeader('x-total', total);
        res.setHeader('Access-Control-Allow-Origin', 'https://a.example');
        next();
      }
    `,
    // What a handler logs is not meant for the module.
    t`
      import cors from 'cors';
      let origin = 'https://a.example';
      app.get('/', (req, res) => {
        const { origin } = req.headers;
        console.log(origin);
        res.end();
      });
      app.use(cors({ origin }));
    `,
    // Points, not requests.
    t`
      // cors
      export const nearest = (origin, points) => points.filter((origin) => origin.x === 0).sort((a, b) => a.y - origin.y);
    `,
    // A test.
    {
      code: t`
        const origin = 'https://a.example';
        let headers = {};
        it('answers', () => {
          const headers = { 'Access-Control-Allow-Origin': origin };
        });
        send(headers);
      `,
      filename: 'cors.test.ts',
    },
    // Beside: The value is kept in a block of its own.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        const origin = req.headers.origin;
        let allowedOrigin = 'https://a.example';
        if (allowed.includes(origin)) {
          const allowedOrigin = origin;
          res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
          return res.end();
        }
        res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
        next();
      }
    `,
    // Beside: It is only logged there.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        const { origin } = req.headers;
        let allowedOrigin = origin;
        if (origin && allowed.length > 0) {
          const allowedOrigin = allowed.includes(origin) ? origin : undefined;
          if (!allowedOrigin) return res.status(403).end();
        }
        if (!allowedOrigin) return;
        res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
        next();
      }
    `,
    // Beside: A flag in a callback.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        let isAllowed = false;
        allowed.forEach((entry) => {
          if (entry === req.headers.origin) {
            isAllowed = true;
          }
        });
        if (isAllowed) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        next();
      }
    `,
    // Beside: In one case of a switch, with a type.
    t`
      export function handle(req, res, next) {
        let credentials = 'false';
        res.setHeader('Access-Control-Allow-Credentials', credentials);
        switch (req.headers.origin) {
          case 'https://a.example': {
            const credentials: string = 'true';
            break;
          }
        }
        next();
      }
    `,
    // Beside: The outer one is a constant.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        const origin = req.headers.origin;
        allowed.forEach((entry) => {
          const origin = entry.trim();
        });
        res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: Headers that are filled and lost.
    t`
      export default {
        async fetch(request: Request): Promise<Response> {
          const headers = new Headers();
          const origin = request.headers.get('Origin');
          if (origin === 'https://a.example') {
            const headers = new Headers();
            headers.set('Access-Control-Allow-Origin', origin);
            return new Response('', { headers });
          }
          return new Response('', { headers });
        },
      };
    `,
    // Beside: Headers that are written out and lost.
    t`
      export function handle(req, res, next) {
        const headers = { 'content-type': 'text/plain' };
        if (req.method === 'POST') {
          const headers = { 'x-later': '1' };
        }
        res.writeHead(200, headers);
        res.setHeader('Access-Control-Allow-Origin', 'https://a.example');
        next();
      }
    `,
    // Beside: Options of a library.
    t`
      import cors from 'cors';
      export function setUp(app, isProduction) {
        let corsOptions = { origin: 'https://staging.example' };
        if (isProduction) {
          const corsOptions = { origin: 'https://a.example' };
          app.use('/api', cors(corsOptions));
        }
        app.use(cors(corsOptions));
      }
    `,
    // Beside: A list that is loaded into a variable of the function.
    t`
      let allowedOrigins = [];
      export function configure(config) {
        const allowedOrigins = config.origins;
        return new Set(allowedOrigins);
      }
      export function handle(req, res) {
        if (allowedOrigins.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
      }
    `,
    // Beside: A parameter that is meant to be kept.
    t`
      let allowedOrigins: string[] = [];
      export function configure(origins: string[]) {
        allowedOrigins = origins.map((entry) => entry.trim());
      }
      export function handle(req, res) {
        if (allowedOrigins.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
      }
    `,
    // Beside: The variable of a loop has what the outer one was for.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        let match;
        for (match of allowed) {
          if (match === req.headers.origin) break;
        }
        res.setHeader('Access-Control-Allow-Origin', match);
        next();
      }
    `,
    // Beside: A comparison with itself.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        const origin = req.headers.origin;
        if (allowed.some((entry) => entry === origin)) res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: A comparison with itself, in a loop and in lower case.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        const { origin } = req.headers;
        for (const entry of allowed) {
          if (entry.toLowerCase() === origin) res.setHeader('Access-Control-Allow-Origin', origin);
        }
        console.log(origin);
        next();
      }
    `,
    // Beside: A beginning of itself.
    t`
      import cors from 'cors';
      const allowed = ['https://a.example/'];
      const origin = allowed[0];
      export default cors({
        origin: (origin, callback) => callback(null, allowed.includes(origin)),
      });
    `,
    // Beside: An entry of the list is in the list.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        const origin = req.headers.origin;
        if (allowed.some((origin) => trusted.includes(origin))) res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: Every entry is answered, whoever asks.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        const origin = req.headers.origin;
        for (const entry of allowed) if (entry === origin) res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: An empty list.
    t`
      import cors from 'cors';
      const allowedOrigins = process.env.ORIGINS.split(',');
      export default cors({
        origin(origin, callback) {
          const allowedOrigins = [];
          for (const entry of load()) allowedOrigins.push(entry);
          callback(null, allowedOrigins.includes(origin));
        },
      });
    `,
    // Beside: An empty text.
    t`
      const allowedOrigin = process.env.ORIGIN;
      export function handle(req, res) {
        let allowedOrigin;
        if (req.url === '/public') allowedOrigin = '*';
        res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
      }
    `,
    // Beside: A default that is always used.
    t`
      import { allowedOrigins } from './config.js';
      function isAllowed(origin, allowedOrigins = []) {
        return allowedOrigins.includes(origin);
      }
      export function handle(req, res) {
        if (isAllowed(req.headers.origin, allowedOrigins)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
      }
    `,
    // Beside: A parameter that no library passes.
    t`
      import cors from 'cors';
      const allowedOrigins = ['https://a.example'];
      export const make = (allowedOrigins = ['*']) =>
        cors({
          origin: (origin, callback) => callback(null, allowedOrigins.includes(origin)),
        });
    `,
    // Beside: A property that no caller passes.
    t`
      const allowedOrigin = process.env.ORIGIN;
      function corsHeaders({ allowedOrigin = '*' } = {}) {
        return { 'Access-Control-Allow-Origin': allowedOrigin };
      }
      export const handle = (req, res) => res.writeHead(204, corsHeaders({ allowedOrigin })).end();
    `,
    // Beside: It reads itself before it is set.
    t`
      const defaultOrigins = ['https://a.example'];
      export function handle(req, res) {
        const allowedOrigins = defaultOrigins.concat(process.env.EXTRA);
        if (allowedOrigins.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
      }
    `,
    // Beside: A `var` that is in force too early.
    t`
      const allowedOrigin = process.env.ORIGIN;
      export function handle(req, res) {
        var allowedOrigin = '*';
        if (req.url === '/private') allowedOrigin = 'https://a.example';
        res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
      }
    `,
    // Beside: The name of a function.
    t`
      const origin = process.env.ORIGIN;
      app.use(function origin(req, res, next) {
        if (req.retried) return origin(req, res, next);
        next();
      });
      register(origin);
    `,
    // Beside: Options that a delegate hands back.
    t`
      import cors from 'cors';
      const delegate = (req, callback) => {
        let corsOptions = { origin: false };
        if (allowed.includes(req.header('Origin'))) {
          corsOptions = { origin: true };
        }
        callback(null, corsOptions);
      };
      export default cors(delegate);
    `,
    // Beside: An index in the place of an origin.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        const origin = req.headers.origin;
        for (const index in allowed) {
          if (allowed[index] === origin) res.setHeader('Access-Control-Allow-Origin', origin);
        }
        next();
      }
    `,
    // Beside: The first entry is in the list.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        const origin = req.headers.origin;
        for (let index = 0; index < allowed.length; index++) {
          const entry = allowed[index];
          if (origin === entry) res.setHeader('Access-Control-Allow-Origin', origin);
        }
        next();
      }
    `,
    // Beside: A parameter without a default that no caller passes.
    t`
      const allowedOrigin = process.env.ORIGIN;
      export function setCors(res, allowedOrigin) {
        res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
      }
      export const handle = (req, res) => setCors(res);
    `,
    // Beside: The error of a `catch` takes the value.
    t`
      export function handle(req, res, next) {
        let origin = req.headers.origin;
        try {
          new URL(origin);
        } catch {
          origin = 'https://a.example';
        }
        res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: With the option: a test.
    {
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          let allowedOrigin = 'https://a.example';
          if (allowed.includes(req.headers.origin)) {
            allowedOrigin = req.headers.origin;
          }
          res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
          next();
        }
      `,
      options: [{ checkTestFiles: true }],
      filename: 'cors.test.ts',
    },
  ],
  invalid: [
    {
      name: 'The value is kept in a block of its own.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          const origin = req.headers.origin;
          let allowedOrigin = 'https://a.example';
          if (allowed.includes(origin)) {
            const allowedOrigin = origin;
          }
          res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'allowedOrigin', use: 'is sent' },
          line: 6,
          column: 11,
          endLine: 6,
          endColumn: 24,
          suggestions: [
            {
              messageId: 'assign',
              data: { name: 'allowedOrigin' },
              output: t`
                const allowed = ['https://a.example', 'https://b.example'];
                export function handle(req, res, next) {
                  const origin = req.headers.origin;
                  let allowedOrigin = 'https://a.example';
                  if (allowed.includes(origin)) {
                    allowedOrigin = origin;
                  }
                  res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'It is only logged there.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          const { origin } = req.headers;
          let allowedOrigin = origin;
          if (origin && allowed.length > 0) {
            const allowedOrigin = allowed.includes(origin) ? origin : undefined;
            if (!allowedOrigin) console.warn('refused', origin);
          }
          if (!allowedOrigin) return;
          res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'allowedOrigin', use: 'is sent' },
          line: 6,
          column: 11,
          endLine: 6,
          endColumn: 24,
          suggestions: [
            {
              messageId: 'assign',
              data: { name: 'allowedOrigin' },
              output: t`
                const allowed = ['https://a.example', 'https://b.example'];
                export function handle(req, res, next) {
                  const { origin } = req.headers;
                  let allowedOrigin = origin;
                  if (origin && allowed.length > 0) {
                    allowedOrigin = allowed.includes(origin) ? origin : undefined;
                    if (!allowedOrigin) console.warn('refused', origin);
                  }
                  if (!allowedOrigin) return;
                  res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A flag in a callback.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          let isAllowed = false;
          allowed.forEach((entry) => {
            if (entry === req.headers.origin) {
              let isAllowed = true;
            }
          });
          if (isAllowed) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'isAllowed', use: 'is compared' },
          line: 6,
          column: 11,
          endLine: 6,
          endColumn: 20,
          suggestions: [
            {
              messageId: 'assign',
              data: { name: 'isAllowed' },
              output: t`
                const allowed = ['https://a.example', 'https://b.example'];
                export function handle(req, res, next) {
                  let isAllowed = false;
                  allowed.forEach((entry) => {
                    if (entry === req.headers.origin) {
                      isAllowed = true;
                    }
                  });
                  if (isAllowed) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'In one case of a switch, with a type.',
      code: t`
        export function handle(req, res, next) {
          let credentials = 'false';
          switch (req.headers.origin) {
            case 'https://a.example': {
              const credentials: string = 'true';
              break;
            }
          }
          res.setHeader('Access-Control-Allow-Credentials', credentials);
          next();
        }
      `,
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'credentials', use: 'is sent' },
          line: 5,
          column: 13,
          endLine: 5,
          endColumn: 32,
          suggestions: [
            {
              messageId: 'assign',
              data: { name: 'credentials' },
              output: t`
                export function handle(req, res, next) {
                  let credentials = 'false';
                  switch (req.headers.origin) {
                    case 'https://a.example': {
                      credentials = 'true';
                      break;
                    }
                  }
                  res.setHeader('Access-Control-Allow-Credentials', credentials);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'The outer one is a constant.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          const allowedOrigin = 'https://a.example';
          if (allowed.includes(req.headers.origin)) {
            const allowedOrigin = req.headers.origin;
          }
          res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'allowedOrigin', use: 'is sent' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 24,
          suggestions: [
            {
              messageId: 'assign',
              data: { name: 'allowedOrigin' },
              output: t`
                const allowed = ['https://a.example', 'https://b.example'];
                export function handle(req, res, next) {
                  let allowedOrigin = 'https://a.example';
                  if (allowed.includes(req.headers.origin)) {
                    allowedOrigin = req.headers.origin;
                  }
                  res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'Headers that are filled and lost.',
      code: t`
        export default {
          async fetch(request: Request): Promise<Response> {
            const headers = new Headers();
            const origin = request.headers.get('Origin');
            if (origin === 'https://a.example') {
              const headers = new Headers();
              headers.set('Access-Control-Allow-Origin', origin);
            }
            return new Response('', { headers });
          },
        };
      `,
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'headers', use: 'is sent' },
          line: 6,
          column: 13,
          endLine: 6,
          endColumn: 20,
          suggestions: [
            {
              messageId: 'removeDeclaration',
              data: { name: 'headers' },
              output: t`
                export default {
                  async fetch(request: Request): Promise<Response> {
                    const headers = new Headers();
                    const origin = request.headers.get('Origin');
                    if (origin === 'https://a.example') {
                      headers.set('Access-Control-Allow-Origin', origin);
                    }
                    return new Response('', { headers });
                  },
                };
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'Headers that are written out and lost.',
      code: t`
        export function handle(req, res, next) {
          const headers = { 'content-type': 'text/plain' };
          if (req.headers.origin === 'https://a.example') {
            const headers = { 'Access-Control-Allow-Origin': 'https://a.example' };
          }
          res.writeHead(200, headers);
          next();
        }
      `,
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'headers', use: 'is sent' },
          line: 4,
          column: 11,
          endLine: 4,
          endColumn: 18,
          suggestions: [
            {
              messageId: 'assign',
              data: { name: 'headers' },
              output: t`
                export function handle(req, res, next) {
                  const headers = { 'content-type': 'text/plain' };
                  if (req.headers.origin === 'https://a.example') {
                    Object.assign(headers, { 'Access-Control-Allow-Origin': 'https://a.example' });
                  }
                  res.writeHead(200, headers);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'Options of a library.',
      code: t`
        import cors from 'cors';
        export function setUp(app, isProduction) {
          let corsOptions = { origin: 'https://staging.example' };
          if (isProduction) {
            const corsOptions = { origin: 'https://a.example' };
          }
          app.use(cors(corsOptions));
        }
      `,
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'corsOptions', use: 'is used' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 22,
          suggestions: [
            {
              messageId: 'assign',
              data: { name: 'corsOptions' },
              output: t`
                import cors from 'cors';
                export function setUp(app, isProduction) {
                  let corsOptions = { origin: 'https://staging.example' };
                  if (isProduction) {
                    corsOptions = { origin: 'https://a.example' };
                  }
                  app.use(cors(corsOptions));
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A list that is loaded into a variable of the function.',
      code: t`
        let allowedOrigins = [];
        export function configure(config) {
          const allowedOrigins = config.origins;
        }
        export function handle(req, res) {
          if (allowedOrigins.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        }
      `,
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'allowedOrigins', use: 'is compared' },
          line: 3,
          column: 9,
          endLine: 3,
          endColumn: 23,
          suggestions: [
            {
              messageId: 'assign',
              data: { name: 'allowedOrigins' },
              output: t`
                let allowedOrigins = [];
                export function configure(config) {
                  allowedOrigins = config.origins;
                }
                export function handle(req, res) {
                  if (allowedOrigins.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A parameter that is meant to be kept.',
      code: t`
        let allowedOrigins: string[] = [];
        export function configure(allowedOrigins: string[]) {
          allowedOrigins = allowedOrigins.map((entry) => entry.trim());
        }
        export function handle(req, res) {
          if (allowedOrigins.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        }
      `,
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'allowedOrigins', use: 'is compared' },
          line: 2,
          column: 27,
          endLine: 2,
          endColumn: 51,
          suggestions: [
            {
              messageId: 'rename',
              data: { name: 'allowedOrigins', newName: 'givenAllowedOrigins' },
              output: t`
                let allowedOrigins: string[] = [];
                export function configure(givenAllowedOrigins: string[]) {
                  allowedOrigins = givenAllowedOrigins.map((entry) => entry.trim());
                }
                export function handle(req, res) {
                  if (allowedOrigins.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'The variable of a loop has what the outer one was for.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          let match;
          for (const match of allowed) {
            if (match === req.headers.origin) break;
          }
          res.setHeader('Access-Control-Allow-Origin', match);
          next();
        }
      `,
      errors: [
        {
          messageId: 'neverSet',
          data: { name: 'match', use: 'is sent', value: 'undefined' },
          line: 4,
          column: 14,
          endLine: 4,
          endColumn: 19,
        },
      ],
    },
    {
      name: 'A comparison with itself.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          const origin = req.headers.origin;
          if (allowed.some((origin) => origin === origin)) res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'selfCompared',
          data: { name: 'origin', comparison: 'origin === origin' },
          line: 4,
          column: 21,
          endLine: 4,
          endColumn: 27,
          suggestions: [
            {
              messageId: 'rename',
              data: { name: 'origin', newName: 'allowedOrigin' },
              output: t`
                const allowed = ['https://a.example', 'https://b.example'];
                export function handle(req, res, next) {
                  const origin = req.headers.origin;
                  if (allowed.some((allowedOrigin) => allowedOrigin === origin)) res.setHeader('Access-Control-Allow-Origin', origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A comparison with itself, in a loop and in lower case.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          const { origin } = req.headers;
          for (const origin of allowed) {
            if (origin.toLowerCase() === origin) res.setHeader('Access-Control-Allow-Origin', origin);
          }
          console.log(origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'selfCompared',
          data: { name: 'origin', comparison: 'origin.toLowerCase() === origin' },
          line: 4,
          column: 14,
          endLine: 4,
          endColumn: 20,
          suggestions: [
            {
              messageId: 'rename',
              data: { name: 'origin', newName: 'allowedOrigin' },
              output: t`
                const allowed = ['https://a.example', 'https://b.example'];
                export function handle(req, res, next) {
                  const { origin } = req.headers;
                  for (const allowedOrigin of allowed) {
                    if (allowedOrigin.toLowerCase() === origin) res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
                  }
                  console.log(origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A beginning of itself.',
      code: t`
        import cors from 'cors';
        const allowed = ['https://a.example/'];
        export default cors({
          origin: (origin, callback) => callback(null, allowed.some((origin) => origin.startsWith(origin))),
        });
      `,
      errors: [
        {
          messageId: 'selfCompared',
          data: { name: 'origin', comparison: 'origin.startsWith(origin)' },
          line: 4,
          column: 62,
          endLine: 4,
          endColumn: 68,
        },
      ],
    },
    {
      name: 'An entry of the list is in the list.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          const origin = req.headers.origin;
          if (allowed.some((origin) => allowed.includes(origin))) res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'listedEntry',
          data: { name: 'origin', comparison: 'allowed.includes(origin)' },
          line: 4,
          column: 21,
          endLine: 4,
          endColumn: 27,
          suggestions: [
            {
              messageId: 'lookUp',
              output: t`
                const allowed = ['https://a.example', 'https://b.example'];
                export function handle(req, res, next) {
                  const origin = req.headers.origin;
                  if (allowed.includes(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'Every entry is answered, whoever asks.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          const origin = req.headers.origin;
          for (const origin of allowed) res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'unaskedEntry',
          data: { name: 'origin' },
          line: 4,
          column: 14,
          endLine: 4,
          endColumn: 20,
        },
      ],
    },
    {
      name: 'An empty list.',
      code: t`
        import cors from 'cors';
        const allowedOrigins = process.env.ORIGINS.split(',');
        export default cors({
          origin(origin, callback) {
            const allowedOrigins = [];
            callback(null, allowedOrigins.includes(origin));
          },
        });
      `,
      errors: [
        {
          messageId: 'emptyList',
          data: { name: 'allowedOrigins', value: '`[]`' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 25,
          suggestions: [
            {
              messageId: 'removeDeclaration',
              data: { name: 'allowedOrigins' },
              output: t`
                import cors from 'cors';
                const allowedOrigins = process.env.ORIGINS.split(',');
                export default cors({
                  origin(origin, callback) {
                    callback(null, allowedOrigins.includes(origin));
                  },
                });
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'An empty text.',
      code: t`
        const allowedOrigin = process.env.ORIGIN;
        export function handle(req, res) {
          let allowedOrigin;
          res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
        }
      `,
      errors: [
        {
          messageId: 'emptyList',
          data: { name: 'allowedOrigin', value: 'undefined' },
          line: 3,
          column: 7,
          endLine: 3,
          endColumn: 20,
          suggestions: [
            {
              messageId: 'removeDeclaration',
              data: { name: 'allowedOrigin' },
              output: t`
                const allowedOrigin = process.env.ORIGIN;
                export function handle(req, res) {
                  res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A default that is always used.',
      code: t`
        import { allowedOrigins } from './config.js';
        function isAllowed(origin, allowedOrigins = []) {
          return allowedOrigins.includes(origin);
        }
        export function handle(req, res) {
          if (isAllowed(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        }
      `,
      errors: [
        {
          messageId: 'defaultUsed',
          data: { name: 'allowedOrigins', value: '`[]`' },
          line: 2,
          column: 28,
          endLine: 2,
          endColumn: 42,
          suggestions: [
            {
              messageId: 'removeParameter',
              data: { name: 'allowedOrigins' },
              output: t`
                import { allowedOrigins } from './config.js';
                function isAllowed(origin) {
                  return allowedOrigins.includes(origin);
                }
                export function handle(req, res) {
                  if (isAllowed(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A parameter that no library passes.',
      code: t`
        import cors from 'cors';
        const allowedOrigins = ['https://a.example'];
        export default cors({
          origin: (origin, callback, allowedOrigins = ['*']) => callback(null, allowedOrigins.includes(origin)),
        });
      `,
      errors: [
        {
          messageId: 'defaultUsed',
          data: { name: 'allowedOrigins', value: "`['*']`" },
          line: 4,
          column: 30,
          endLine: 4,
          endColumn: 44,
          suggestions: [
            {
              messageId: 'removeParameter',
              data: { name: 'allowedOrigins' },
              output: t`
                import cors from 'cors';
                const allowedOrigins = ['https://a.example'];
                export default cors({
                  origin: (origin, callback) => callback(null, allowedOrigins.includes(origin)),
                });
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A property that no caller passes.',
      code: t`
        const allowedOrigin = process.env.ORIGIN;
        function corsHeaders({ allowedOrigin = '*' } = {}) {
          return { 'Access-Control-Allow-Origin': allowedOrigin };
        }
        export const handle = (req, res) => res.writeHead(204, corsHeaders()).end();
      `,
      errors: [
        {
          messageId: 'defaultUsed',
          data: { name: 'allowedOrigin', value: "`'*'`" },
          line: 2,
          column: 24,
          endLine: 2,
          endColumn: 37,
        },
      ],
    },
    {
      name: 'It reads itself before it is set.',
      code: t`
        const allowedOrigins = ['https://a.example'];
        export function handle(req, res) {
          const allowedOrigins = allowedOrigins.concat(process.env.EXTRA);
          if (allowedOrigins.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        }
      `,
      errors: [
        {
          messageId: 'readsItself',
          data: { name: 'allowedOrigins', consequence: 'throws there' },
          line: 3,
          column: 9,
          endLine: 3,
          endColumn: 23,
          suggestions: [
            {
              messageId: 'rename',
              data: { name: 'allowedOrigins', newName: 'ownAllowedOrigins' },
              output: t`
                const allowedOrigins = ['https://a.example'];
                export function handle(req, res) {
                  const ownAllowedOrigins = allowedOrigins.concat(process.env.EXTRA);
                  if (ownAllowedOrigins.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A `var` that is in force too early.',
      code: t`
        const allowedOrigin = process.env.ORIGIN;
        export function handle(req, res) {
          if (!allowedOrigin) {
            var allowedOrigin = '*';
          }
          res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
        }
      `,
      errors: [
        {
          messageId: 'hoisted',
          data: { name: 'allowedOrigin' },
          line: 4,
          column: 9,
          endLine: 4,
          endColumn: 22,
        },
      ],
    },
    {
      name: 'The name of a function.',
      code: t`
        const origin = process.env.ORIGIN;
        app.use(function origin(req, res, next) {
          res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        });
      `,
      errors: [
        {
          messageId: 'functionName',
          data: { name: 'origin' },
          line: 2,
          column: 18,
          endLine: 2,
          endColumn: 24,
          suggestions: [
            {
              messageId: 'rename',
              data: { name: 'origin', newName: 'originHandler' },
              output: t`
                const origin = process.env.ORIGIN;
                app.use(function originHandler(req, res, next) {
                  res.setHeader('Access-Control-Allow-Origin', origin);
                  next();
                });
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'Options that a delegate hands back.',
      code: t`
        import cors from 'cors';
        const delegate = (req, callback) => {
          let corsOptions = { origin: false };
          if (allowed.includes(req.header('Origin'))) {
            let corsOptions = { origin: true };
          }
          callback(null, corsOptions);
        };
        export default cors(delegate);
      `,
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'corsOptions', use: 'is used' },
          line: 5,
          column: 9,
          endLine: 5,
          endColumn: 20,
          suggestions: [
            {
              messageId: 'assign',
              data: { name: 'corsOptions' },
              output: t`
                import cors from 'cors';
                const delegate = (req, callback) => {
                  let corsOptions = { origin: false };
                  if (allowed.includes(req.header('Origin'))) {
                    corsOptions = { origin: true };
                  }
                  callback(null, corsOptions);
                };
                export default cors(delegate);
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'An index in the place of an origin.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          const origin = req.headers.origin;
          for (const origin in allowed) {
            if (allowed[origin] === origin) res.setHeader('Access-Control-Allow-Origin', origin);
          }
          next();
        }
      `,
      errors: [
        {
          messageId: 'selfCompared',
          data: { name: 'origin', comparison: 'allowed[origin] === origin' },
          line: 4,
          column: 14,
          endLine: 4,
          endColumn: 20,
        },
      ],
    },
    {
      name: 'The first entry is in the list.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          const origin = req.headers.origin;
          for (let index = 0; index < allowed.length; index++) {
            const origin = allowed[index];
            if (allowed.includes(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
          }
          next();
        }
      `,
      errors: [
        {
          messageId: 'listedEntry',
          data: { name: 'origin', comparison: 'allowed.includes(origin)' },
          line: 5,
          column: 11,
          endLine: 5,
          endColumn: 17,
        },
      ],
    },
    {
      name: 'A parameter without a default that no caller passes.',
      code: t`
        const allowedOrigin = process.env.ORIGIN;
        function setCors(res, allowedOrigin) {
          res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
        }
        export const handle = (req, res) => setCors(res);
      `,
      errors: [
        {
          messageId: 'defaultUsed',
          data: { name: 'allowedOrigin', value: 'undefined' },
          line: 2,
          column: 23,
          endLine: 2,
          endColumn: 36,
          suggestions: [
            {
              messageId: 'removeParameter',
              data: { name: 'allowedOrigin' },
              output: t`
                const allowedOrigin = process.env.ORIGIN;
                function setCors(res) {
                  res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
                }
                export const handle = (req, res) => setCors(res);
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'The error of a `catch` takes the value.',
      code: t`
        export function handle(req, res, next) {
          let origin = req.headers.origin;
          try {
            new URL(origin);
          } catch (origin) {
            origin = 'https://a.example';
          }
          res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'origin', use: 'is sent' },
          line: 5,
          column: 12,
          endLine: 5,
          endColumn: 18,
          suggestions: [
            {
              messageId: 'rename',
              data: { name: 'origin', newName: 'givenOrigin' },
              output: t`
                export function handle(req, res, next) {
                  let origin = req.headers.origin;
                  try {
                    new URL(origin);
                  } catch (givenOrigin) {
                    origin = 'https://a.example';
                  }
                  res.setHeader('Access-Control-Allow-Origin', origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'With the option: a test.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          let allowedOrigin = 'https://a.example';
          if (allowed.includes(req.headers.origin)) {
            let allowedOrigin = req.headers.origin;
          }
          res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
          next();
        }
      `,
      options: [{ checkTestFiles: true }],
      filename: 'cors.test.ts',
      errors: [
        {
          messageId: 'lostValue',
          data: { name: 'allowedOrigin', use: 'is sent' },
          line: 5,
          column: 9,
          endLine: 5,
          endColumn: 22,
          suggestions: [
            {
              messageId: 'assign',
              data: { name: 'allowedOrigin' },
              output: t`
                const allowed = ['https://a.example', 'https://b.example'];
                export function handle(req, res, next) {
                  let allowedOrigin = 'https://a.example';
                  if (allowed.includes(req.headers.origin)) {
                    allowedOrigin = req.headers.origin;
                  }
                  res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
  ],
});
