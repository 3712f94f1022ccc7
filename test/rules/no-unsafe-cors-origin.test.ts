import rule from '../../rules/no-unsafe-cors-origin.js';
import { t } from './support/dedent-snippet.js';
import { runRuleTests } from './support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // A result that refuses lets nobody in, whatever it is called.
    t`
      // asked for CORS
      export function decideCorsOrigin(origin: string) {
        if (origin === 'null') return { refusal: 'null-origin' };
        return list.includes(origin) ? { allowOrigin: origin } : { refusal: 'not-allowed' };
      }
    `,
    t`
      // asked for CORS
      export function checkOrigin(origin: string) {
        if (origin === 'null') return { allowed: false, reason: 'no origin' };
        return { allowed: list.includes(origin) };
      }
    `,
    t`
      export function corsResponse(request: Request) {
        const origin = request.headers.get('origin');
        if (origin === 'null') return new Response(null, { status: 403 });
        const allowed = list.includes(origin) ? origin : list[0];
        return new Response(null, { headers: { 'Access-Control-Allow-Origin': allowed, Vary: 'Origin' } });
      }
    `,
    // A test answers with whatever headers it likes.
    {
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: true, credentials: true }));
      `,
      filename: 'cors.test.ts',
    },
    // Only developers run this.
    t`
      import cors from 'cors';
      app.use(cors({
        origin(origin, callback) {
          if (process.env.NODE_ENV !== 'production' && origin.includes('localhost')) return callback(null, true);
          callback(null, list.includes(origin));
        },
      }));
    `,
    // A message from a frame is not a request.
    t`
      // cors
      addEventListener('message', (event) => {
        if (event.origin.startsWith(location.origin)) run(event.data);
      });
    `,
    // A delegate that has checked the origin.
    t`
      const delegate = (req, callback) => {
        if (list.includes(req.header('Origin'))) callback(null, { origin: true, credentials: true });
        else callback(null, { origin: false });
      };
      app.use(cors(delegate));
    `,
    // Two loose halves that hold together.
    t`
      import cors from 'cors';
      app.use(cors({ origin: (origin, callback) => callback(null, origin.startsWith('https://shop-') && origin.endsWith('.example.com')) }));
    `,
    // A cookie that depends on the origin.
    t`
      const allowed = ['https://a.example'];
      export function handle(req, res, next) {
        res.cookie('seen', '1', { secure: !req.headers.origin.includes('localhost') });
        if (allowed.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        next();
      }
    `,
    // Credentials for the trusted only.
    t`
      const trusted = ['https://a.example'];
      export function handle(req, res, next) {
        const { origin } = req.headers;
        res.setHeader('Access-Control-Allow-Origin', origin || '*');
        if (trusted.includes(origin)) res.setHeader('Access-Control-Allow-Credentials', 'true');
        next();
      }
    `,
    // Corrected before it is sent.
    t`
      const allowed = ['https://a.example'];
      export function handle(req, res, next) {
        let { origin } = req.headers;
        let allowedOrigin = origin;
        if (!allowed.includes(origin)) allowedOrigin = allowed[0];
        res.setHeader('Access-Control-Allow-Origin', allowedOrigin);
        res.setHeader('Access-Control-Allow-Credentials', 'true');
        next();
      }
    `,
    // A switch over the allowed ones.
    t`
      export function handle(req, res, next) {
        const { origin } = req.headers;
        switch (origin) {
          case 'https://a.example':
            res.setHeader('Access-Control-Allow-Origin', origin);
            res.setHeader('Access-Control-Allow-Credentials', 'true');
        }
        next();
      }
    `,
    // What the runtime decided.
    t`
      import { resolveCorsOrigin } from 'watertight-runtime';
      export function handle(req, res) {
        const allowOrigin = resolveCorsOrigin(req.headers.origin, list, { credentials: true });
        if (allowOrigin !== undefined) {
          res.setHeader('Access-Control-Allow-Origin', allowOrigin);
          res.setHeader('Access-Control-Allow-Credentials', 'true');
        }
      }
    `,
    // Beside: The origin of every request is sent back with credentials.
    t`
      const allowed = ['https://a.example'];
      export function handle(req, res, next) {
        if (allowed.includes(req.headers.origin)) {
          res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
          res.setHeader('Access-Control-Allow-Credentials', 'true');
        }
        next();
      }
    `,
    // Beside: By way of a variable, with a fallback.
    t`
      export function handle(req, res, next) {
        const origin = req.get('Origin') || '*';
        res.header('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: By way of a function that makes the headers.
    t`
      export function corsHeaders(origin) {
        return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' };
      }
    `,
    // Beside: Where no option is set, the origin of the request is taken.
    t`
      module.exports = (options = {}) => async (ctx, next) => {
        const requestOrigin = ctx.get('Origin');
        let origin;
        if (typeof options.origin === 'function') origin = options.origin(ctx);
        else origin = options.origin || '*';
        if (options.reflects && origin === '*') origin = requestOrigin;
        ctx.set('Access-Control-Allow-Origin', origin);
        if (options.credentials) ctx.set('Access-Control-Allow-Credentials', 'true');
        await next();
      };
    `,
    // Beside: An option that is on by default reflects.
    t`
      export const plugin = ({ origin = false, credentials = true } = {}) => (set, request) => {
        if (origin === true) set.headers['access-control-allow-origin'] = request.headers.get('Origin') || '*';
        if (credentials) set.headers['access-control-allow-credentials'] = 'true';
      };
    `,
    // Beside: In a response made at once.
    t`
      export const GET = (request: Request) =>
        new Response('', {
          headers: {
            'Access-Control-Allow-Origin': check(request.headers.get('origin')!),
            'Access-Control-Allow-Credentials': 'true',
          },
        });
    `,
    // Beside: The check only writes a line to the log.
    t`
      const allowed = new Set(['https://a.example']);
      export function handle(req, res, next) {
        const { origin } = req.headers;
        if (!allowed.has(origin)) return res.status(403).end();
        res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: Who is not in the list gets the star.
    t`
      const allowed = ['https://a.example'];
      export function handle(req, res, next) {
        const { origin } = req.headers;
        res.setHeader('Access-Control-Allow-Origin', allowed.includes(origin) ? origin : allowed[0]);
        next();
      }
    `,
    // Beside: All origins, with credentials.
    t`
      import cors from 'cors';
      app.use(cors({ origin: true }));
    `,
    // Beside: A constant with the options.
    t`
      import cors from 'cors';
      const corsOptions = { methods: ['GET'], origin: isDev ? true : 'https://a.example', credentials: true };
      app.use(cors(corsOptions));
    `,
    // Beside: The star, with credentials.
    t`
      import cors from 'cors';
      app.use(cors({ origin: '*' }));
    `,
    // Beside: The star and credentials in one object of headers.
    t`
      fetch('/', {
        headers: {
          'Access-Control-Allow-Origin': '*',
          'Access-Control-Allow-Credentials': 'true',
        },
      });
    `,
    // Beside: The star and credentials, one after the other.
    t`
      const home = 'https://a.example';
      export function handle(req, res, next) {
        res.header('Access-Control-Allow-Origin', '*');
        if (req.headers.origin === home) {
          res.header('Access-Control-Allow-Origin', home);
          res.header('Access-Control-Allow-Credentials', true);
        }
        next();
      }
    `,
    // Beside: Headers by entries.
    t`
      module.exports = {
        headers: () => [
          {
            source: '/:path*',
            headers: [
              { key: 'Access-Control-Allow-Credentials', value: 'true' },
              { key: 'Access-Control-Allow-Origin', value: 'https://a.example' },
            ],
          },
        ],
      };
    `,
    // Beside: Koa answers every origin where none is named.
    t`
      const cors = require('@koa/cors');
      app.use(cors({ origin: process.env.ORIGIN, credentials: true }));
    `,
    // Beside: A function of the request alone.
    t`
      const cors = require('@koa/cors');
      app.use(cors({ origin: (ctx) => (list.includes(ctx.get('Origin')) ? ctx.get('Origin') : ''), credentials: true }));
    `,
    // Beside: A callback that always says yes.
    t`
      import { Server } from 'socket.io';
      new Server(server, { cors: { origin: (origin, callback) => callback(null, list.includes(origin)), credentials: true } });
    `,
    // Beside: A callback that says yes on both ways.
    t`
      import cors from 'cors';
      app.use(cors({
        origin(origin, callback) {
          if (list.includes(origin)) return callback(null, true);
          console.warn('refused', origin);
          return callback(null, false);
        },
      }));
    `,
    // Beside: A refusal after which the callback is called again.
    t`
      import cors from 'cors';
      app.use(cors({
        origin(origin, callback) {
          if (!list.includes(origin)) {
            callback(new Error('Not allowed'));
            return;
          }
          callback(null, true);
        },
      }));
    `,
    // Beside: A refusal after which the request goes on.
    t`
      // CORS
      const allowed = ['https://a.example'];
      export function handle(req, res, next) {
        if (!allowed.includes(req.headers.origin)) {
          res.status(403).end();
          return;
        }
        next();
      }
    `,
    // Beside: The origin null in a list.
    t`
      import cors from 'cors';
      app.use(cors({ origin: ['https://a.example', 'https://b.example'], credentials: true }));
    `,
    // Beside: The origin null in a comparison.
    t`
      import cors from 'cors';
      app.use(cors({
        origin(origin, callback) {
          if (origin === 'null') return callback(null, false);
          callback(null, list.includes(origin));
        },
      }));
    `,
    // Beside: The origin null as an answer.
    t`
      const allowed = ['https://a.example'];
      export function handle(req, res, next) {
        const ok = allowed.includes(req.headers.origin);
        res.setHeader('Access-Control-Allow-Origin', ok ? req.headers.origin : 'https://a.example');
        next();
      }
    `,
    // Beside: The end of an origin.
    t`
      import cors from 'cors';
      app.use(cors({ origin: (origin, callback) => callback(null, origin.endsWith('.example.com')) }));
    `,
    // Beside: The end of a host name, without a border.
    t`
      import cors from 'cors';
      app.use(cors({
        origin(origin, callback) {
          const { hostname } = new URL(origin);
          callback(null, hostname === 'example.com' || hostname.endsWith('.example.com'));
        },
      }));
    `,
    // Beside: The border cut off together with the star.
    t`
      import cors from 'cors';
      app.use(cors({
        origin: (origin, callback) =>
          callback(null, rules.some((rule) => (rule.startsWith('*.') ? origin.endsWith(rule.slice(1)) : rule === origin))),
      }));
    `,
    // Beside: The beginning of an origin.
    t`
      export function handle(req, res, next) {
        const origin = req.headers.origin;
        if (origin && origin.startsWith('http://localhost:')) res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: A part of an origin.
    t`
      const allowed = ['https://a.example'];
      export function handle(req, res, next) {
        const origin = req.headers.origin;
        if (origin?.includes('localhost')) console.log('a developer');
        if (allowed.includes(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: A part, by its place.
    t`
      const allowed = ['https://a.example'];
      export function handle(req, res, next) {
        const origin = req.headers['origin'];
        if (allowed.indexOf(origin) !== -1) res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: The beginning, by its place, refused where it is not.
    t`
      const allowed = new Set(['https://a.example']);
      export function handle(req, res, next) {
        const origin = req.headers['origin'];
        if (origin.indexOf('https://') !== 0) return res.status(403).end();
        if (allowed.has(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: Entries of a list as beginnings.
    t`
      const allowed = ['https://a.example', 'https://b.example'];
      export function handle(req, res, next) {
        const origin = req.headers.origin;
        if (allowed.some((entry) => origin === entry)) res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: Entries of a list that is read when the server starts.
    t`
      const allowed = process.env.DOMAINS.split(',');
      export function handle(req, res, next) {
        const origin = req.headers.origin;
        for (const entry of allowed) {
          if (origin.endsWith(\`.\${entry}\`)) res.setHeader('Access-Control-Allow-Origin', origin);
        }
        next();
      }
    `,
    // Beside: In a function that is asked by others.
    t`
      // CORS
      export function distance(origin: string, target: string): boolean {
        return origin.endsWith('example.com') && target !== '';
      }
    `,
    // Beside: In a method that is given the header.
    t`
      export class Cors {
        handle(req, res) {
          if (this.isAllowed(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        }
        isAllowed(text) {
          return text === 'https://example.com';
        }
      }
    `,
    // Beside: A pattern without ends.
    t`
      import cors from 'cors';
      app.use(cors({ origin: /^https:\/\/(?:[\w-]+\.)?example\.com\$/ }));
    `,
    // Beside: A pattern without an end.
    t`
      import cors from 'cors';
      app.use(cors({ origin: ['https://a.example', /^http:\/\/localhost:\d+/] }));
    `,
    // Beside: A pattern without a beginning.
    t`
      import cors from 'cors';
      app.use(cors({ origin: /\.example\.com\$/ }));
    `,
    // Beside: A pattern with a dot that stands for any character.
    t`
      import cors from 'cors';
      app.use(cors({ origin: /^https:\/\/app\.example\.com\$/ }));
    `,
    // Beside: A pattern that lets anything stand before the name.
    t`
      const pattern = /^https:\/\/.*\.example\.com\$/;
      export function handle(req, res, next) {
        if (pattern.test(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        next();
      }
    `,
    // Beside: A text that becomes a pattern.
    t`
      const pattern = '^https://[a-z]+\\\.example\\\.com\$';
      export function handle(req, res, next) {
        let allowedOrigin = 'https://example.com';
        if (req.headers.origin.match(pattern)) allowedOrigin = req.headers.origin;
        res.header('Access-Control-Allow-Origin', allowedOrigin);
        next();
      }
    `,
    // Beside: Patterns that are made of texts.
    t`
      const toPattern = (rule) => (rule instanceof RegExp ? rule : new RegExp(\`^\${escape(rule)}\$\`));
      export function cors({ rules }) {
        const patterns = rules.map(toPattern);
        return (req, res) => {
          if (patterns.some((pattern) => pattern.test(req.headers.origin))) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        };
      }
    `,
    // Beside: A pattern that goes on where it stopped.
    t`
      export function handle(req, res, next) {
        const pattern = /^https:\/\/[a-z]+\.example\.com\$/gi;
        if (pattern.test(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        next();
      }
    `,
    // Beside: A list that is one text.
    t`
      export function handle(req, res, next) {
        if (process.env.ORIGINS.split(',').includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        next();
      }
    `,
    // Beside: A list that is one text, by its type.
    t`
      export function handle(req, res, allowed: string[]) {
        if (allowed.indexOf(req.headers.origin) > -1) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
      }
    `,
    // Beside: Several origins in one header.
    t`
      const allowed = ['content-type', 'accept'];
      export function handle(req, res, next) {
        res.setHeader('Access-Control-Allow-Headers', allowed.join(', '));
        next();
      }
    `,
    // Beside: Several origins in one option.
    t`
      import cors from 'cors';
      app.use(cors({ origin: ['https://a.example', 'https://b.example'] }));
    `,
    // Beside: A place in the list, asked as if it were yes or no.
    t`
      const allowed = ['https://a.example'];
      export function handle(req, res, next) {
        if (~allowed.indexOf(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        next();
      }
    `,
    // Beside: Yes or no, compared with a place.
    t`
      const allowed = ['https://a.example'];
      export function handle(req, res, next) {
        if (allowed.includes(req.headers.origin) !== false) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        next();
      }
    `,
    // Beside: A list of matches, asked as if it were yes or no.
    t`
      const allowed = ['https://a.example'];
      export function handle(req, res, next) {
        if (allowed.filter((entry) => entry === req.headers.origin).length > 0) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        next();
      }
    `,
    // Beside: A text that is true by itself.
    t`
      export function handle(req, res, next) {
        const { origin } = req.headers;
        if (origin === 'https://a.example' || origin === 'https://b.example') res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: A promise, which is always true.
    t`
      async function isAllowed(origin) {
        return (await load()).includes(origin);
      }
      export async function handle(req, res) {
        if (await isAllowed(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
      }
    `,
    // Beside: A list that holds the origin itself.
    t`
      const home = process.env.HOME_ORIGIN;
      export function handle(req, res, next) {
        const { origin } = req.headers;
        const allowed = ['https://a.example', home];
        if (allowed.includes(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
        next();
      }
    `,
    // Beside: A response for caches that depends on the origin.
    t`
      const allowed = ['https://a.example'];
      export function handle(req, res, next) {
        const { origin } = req.headers;
        if (allowed.includes(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
        res.setHeader('Cache-Control', 'public, max-age=600');
        res.setHeader('Vary', 'Origin');
        next();
      }
    `,
    // Beside: A response that browsers keep, in one object.
    t`
      const allowed = ['https://a.example'];
      export function handle(req) {
        const origin = req.headers.get('Origin');
        const headers = {
          'Access-Control-Allow-Origin': allowed.includes(origin) ? origin : allowed[0],
          'Cache-Control': 'private, max-age=600',
        };
        return new Response('', { headers });
      }
    `,
    // Beside: With the option: a test.
    {
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: true }));
      `,
      options: [{ checkTestFiles: true }],
      filename: 'cors.test.ts',
    },
    // Beside: With the option: every origin, without credentials.
    {
      code: t`
        export function handle(req, res, next) {
          res.setHeader('Access-Control-Allow-Origin', 'https://a.example');
          res.setHeader('Vary', 'Origin');
          next();
        }
      `,
      options: [{ includePotential: true }],
    },
    // Beside: With the option: names that everybody can have.
    {
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: /^https:\/\/mine\.vercel\.app\$/ }));
      `,
      options: [{ includePotential: true }],
    },
    // Beside: With the option: a setting decides.
    {
      code: t`
        import { settings } from './settings.js';
        export function handle(req, res, next) {
          if (settings.allows(req.headers.origin)) {
            res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
            res.setHeader('Access-Control-Allow-Credentials', 'true');
          }
          res.setHeader('Vary', 'Origin');
          next();
        }
      `,
      options: [{ includePotential: true }],
    },
    // Beside: With the option: a pattern of somebody else.
    {
      code: t`
        // CORS
        export function isOriginAllowed(origin: string, rule: string | RegExp) {
          if (rule instanceof RegExp) {
            rule.lastIndex = 0;
            return rule.test(origin);
          }
          return rule === origin;
        }
      `,
      options: [{ includePotential: true }],
    },
  ],
  invalid: [
    // A result that lets `null` in.
    {
      code: t`
        // asked for CORS
        export function decideCorsOrigin(origin: string) {
          if (origin === 'null') return { allowOrigin: origin };
          return { refusal: 'not-allowed' };
        }
      `,
      errors: [{ messageId: 'nullAllowed', line: 3, column: 7, endLine: 3, endColumn: 24 }],
    },
    {
      code: t`
        // asked for CORS
        export function checkOrigin(origin: string) {
          if (origin === 'null') return { allowed: true, reason: undefined };
          return { allowed: list.includes(origin) };
        }
      `,
      errors: [{ messageId: 'nullAllowed', line: 3, column: 7, endLine: 3, endColumn: 24 }],
    },
    {
      name: 'The origin of every request is sent back with credentials.',
      code: t`
        export function handle(req, res, next) {
          res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
          res.setHeader('Access-Control-Allow-Credentials', 'true');
          next();
        }
      `,
      errors: [
        {
          messageId: 'reflected',
          data: { credentials: 'with', origin: 'req.headers.origin' },
          line: 2,
          column: 48,
          endLine: 2,
          endColumn: 66,
        },
      ],
    },
    {
      name: 'By way of a variable, with a fallback.',
      code: t`
        export function handle(req, res, next) {
          const origin = req.get('Origin') || '*';
          res.header('Access-Control-Allow-Origin', origin);
          res.header('Access-Control-Allow-Credentials', true);
          next();
        }
      `,
      errors: [
        {
          messageId: 'reflected',
          data: { credentials: 'with', origin: "req.get('Origin')" },
          line: 3,
          column: 45,
          endLine: 3,
          endColumn: 51,
        },
      ],
    },
    {
      name: 'By way of a function that makes the headers.',
      code: t`
        function corsHeaders(origin) {
          return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Allow-Credentials': 'true' };
        }
        http.createServer((req, res) => {
          res.writeHead(204, corsHeaders(req.headers.origin)).end();
        });
      `,
      errors: [
        {
          messageId: 'reflected',
          data: { credentials: 'with', origin: 'req.headers.origin' },
          line: 2,
          column: 43,
          endLine: 2,
          endColumn: 49,
        },
      ],
    },
    {
      name: 'Where no option is set, the origin of the request is taken.',
      code: t`
        module.exports = (options = {}) => async (ctx, next) => {
          const requestOrigin = ctx.get('Origin');
          let origin;
          if (typeof options.origin === 'function') origin = options.origin(ctx);
          else origin = options.origin || requestOrigin;
          ctx.set('Access-Control-Allow-Origin', origin);
          if (options.credentials) ctx.set('Access-Control-Allow-Credentials', 'true');
          await next();
        };
      `,
      errors: [
        {
          messageId: 'reflected',
          data: { credentials: 'with', origin: "ctx.get('Origin')" },
          line: 5,
          column: 17,
          endLine: 5,
          endColumn: 48,
        },
      ],
    },
    {
      name: 'An option that is on by default reflects.',
      code: t`
        export const plugin = ({ origin = true, credentials = true } = {}) => (set, request) => {
          if (origin === true) set.headers['access-control-allow-origin'] = request.headers.get('Origin') || '*';
          if (credentials) set.headers['access-control-allow-credentials'] = 'true';
        };
      `,
      errors: [
        {
          messageId: 'reflected',
          data: { credentials: 'with', origin: "request.headers.get('Origin')" },
          line: 2,
          column: 69,
          endLine: 2,
          endColumn: 105,
        },
      ],
    },
    {
      name: 'In a response made at once.',
      code: t`
        export const GET = (request: Request) =>
          new Response('', {
            headers: {
              'Access-Control-Allow-Origin': request.headers.get('origin')!,
              'Access-Control-Allow-Credentials': 'true',
            },
          });
      `,
      errors: [
        {
          messageId: 'reflected',
          data: { credentials: 'with', origin: "request.headers.get('origin')" },
          line: 4,
          column: 38,
          endLine: 4,
          endColumn: 68,
        },
      ],
    },
    {
      name: 'The check only writes a line to the log.',
      code: t`
        const allowed = new Set(['https://a.example']);
        export function handle(req, res, next) {
          const { origin } = req.headers;
          if (!allowed.has(origin)) console.warn('refused', origin);
          res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'uselessCheck',
          data: { check: '`!allowed.has(origin)`' },
          line: 4,
          column: 7,
          endLine: 4,
          endColumn: 27,
        },
      ],
    },
    {
      name: 'Who is not in the list gets the star.',
      code: t`
        const allowed = ['https://a.example'];
        export function handle(req, res, next) {
          const { origin } = req.headers;
          res.setHeader('Access-Control-Allow-Origin', allowed.includes(origin) ? origin : '*');
          next();
        }
      `,
      errors: [
        {
          messageId: 'uselessCheck',
          data: { check: '`allowed.includes(origin)`' },
          line: 4,
          column: 48,
          endLine: 4,
          endColumn: 87,
        },
      ],
    },
    {
      name: 'All origins, with credentials.',
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: true, credentials: true }));
      `,
      errors: [
        {
          messageId: 'anyAllowed',
          data: { option: '`origin: true`' },
          line: 2,
          column: 16,
          endLine: 2,
          endColumn: 28,
        },
      ],
    },
    {
      name: 'A constant with the options.',
      code: t`
        import cors from 'cors';
        const corsOptions = { methods: ['GET'], origin: true, credentials: true };
        app.use(cors(corsOptions));
      `,
      errors: [
        {
          messageId: 'anyAllowed',
          data: { option: '`origin: true`' },
          line: 2,
          column: 41,
          endLine: 2,
          endColumn: 53,
        },
      ],
    },
    {
      name: 'The star, with credentials.',
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: '*', credentials: true }));
      `,
      errors: [
        {
          messageId: 'wildcardWithCredentials',
          data: { value: "`origin: '*'`" },
          line: 2,
          column: 16,
          endLine: 2,
          endColumn: 27,
          suggestions: [
            {
              messageId: 'removeCredentials',
              output: t`
                import cors from 'cors';
                app.use(cors({ origin: '*' }));
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'The star and credentials in one object of headers.',
      code: t`
        export const headers = {
          'Access-Control-Allow-Origin': '*',
          'Access-Control-Allow-Credentials': 'true',
        };
      `,
      errors: [
        {
          messageId: 'wildcardWithCredentials',
          data: { value: '`*`' },
          line: 2,
          column: 3,
          endLine: 2,
          endColumn: 37,
          suggestions: [
            {
              messageId: 'removeCredentials',
              output: t`
                export const headers = {
                  'Access-Control-Allow-Origin': '*',
                };
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'The star and credentials, one after the other.',
      code: t`
        export function handle(req, res, next) {
          res.header('Access-Control-Allow-Origin', '*');
          res.header('Access-Control-Allow-Credentials', true);
          next();
        }
      `,
      errors: [
        {
          messageId: 'wildcardWithCredentials',
          data: { value: '`*`' },
          line: 2,
          column: 45,
          endLine: 2,
          endColumn: 48,
        },
      ],
    },
    {
      name: 'Headers by entries.',
      code: t`
        module.exports = {
          headers: () => [
            {
              source: '/:path*',
              headers: [
                { key: 'Access-Control-Allow-Credentials', value: 'true' },
                { key: 'Access-Control-Allow-Origin', value: '*' },
              ],
            },
          ],
        };
      `,
      errors: [
        {
          messageId: 'wildcardWithCredentials',
          data: { value: '`*`' },
          line: 7,
          column: 9,
          endLine: 7,
          endColumn: 59,
        },
      ],
    },
    {
      name: 'Koa answers every origin where none is named.',
      code: t`
        const cors = require('@koa/cors');
        app.use(cors({ credentials: true }));
      `,
      errors: [
        {
          messageId: 'anyAllowed',
          data: { option: 'without `origin`' },
          line: 2,
          column: 16,
          endLine: 2,
          endColumn: 33,
        },
      ],
    },
    {
      name: 'A function of the request alone.',
      code: t`
        const cors = require('@koa/cors');
        app.use(cors({ origin: (ctx) => ctx.get('Origin'), credentials: true }));
      `,
      errors: [
        {
          messageId: 'anyAllowed',
          data: { option: 'an `origin` function that always says yes' },
          line: 2,
          column: 33,
          endLine: 2,
          endColumn: 50,
        },
      ],
    },
    {
      name: 'A callback that always says yes.',
      code: t`
        import { Server } from 'socket.io';
        new Server(server, { cors: { origin: (origin, callback) => callback(null, true), credentials: true } });
      `,
      errors: [
        {
          messageId: 'anyAllowed',
          data: { option: 'an `origin` function that always says yes' },
          line: 2,
          column: 60,
          endLine: 2,
          endColumn: 80,
        },
      ],
    },
    {
      name: 'A callback that says yes on both ways.',
      code: t`
        import cors from 'cors';
        app.use(cors({
          origin(origin, callback) {
            if (list.includes(origin)) return callback(null, true);
            console.warn('refused', origin);
            return callback(null, true);
          },
        }));
      `,
      errors: [
        {
          messageId: 'uselessCheck',
          data: { check: 'the comparison' },
          line: 6,
          column: 12,
          endLine: 6,
          endColumn: 32,
        },
      ],
    },
    {
      name: 'A refusal after which the callback is called again.',
      code: t`
        import cors from 'cors';
        app.use(cors({
          origin(origin, callback) {
            if (!list.includes(origin)) {
              callback(new Error('Not allowed'));
            }
            callback(null, true);
          },
        }));
      `,
      errors: [
        {
          messageId: 'rejectedServed',
          data: { check: '!list.includes(origin)' },
          line: 4,
          column: 9,
          endLine: 4,
          endColumn: 31,
          suggestions: [
            {
              messageId: 'addReturn',
              output: t`
                import cors from 'cors';
                app.use(cors({
                  origin(origin, callback) {
                    if (!list.includes(origin)) {
                      callback(new Error('Not allowed'));
                      return;
                    }
                    callback(null, true);
                  },
                }));
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A refusal after which the request goes on.',
      code: t`
        // CORS
        const allowed = ['https://a.example'];
        export function handle(req, res, next) {
          if (!allowed.includes(req.headers.origin)) {
            res.status(403).end();
          }
          next();
        }
      `,
      errors: [
        {
          messageId: 'rejectedServed',
          data: { check: '!allowed.includes(req.headers.origin)' },
          line: 4,
          column: 7,
          endLine: 4,
          endColumn: 44,
          suggestions: [
            {
              messageId: 'addReturn',
              output: t`
                // CORS
                const allowed = ['https://a.example'];
                export function handle(req, res, next) {
                  if (!allowed.includes(req.headers.origin)) {
                    res.status(403).end();
                    return;
                  }
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'The origin null in a list.',
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: ['https://a.example', 'null'], credentials: true }));
      `,
      errors: [
        {
          messageId: 'nullAllowed',
          line: 2,
          column: 46,
          endLine: 2,
          endColumn: 52,
          suggestions: [
            {
              messageId: 'removeEntry',
              output: t`
                import cors from 'cors';
                app.use(cors({ origin: ['https://a.example'], credentials: true }));
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'The origin null in a comparison.',
      code: t`
        import cors from 'cors';
        app.use(cors({
          origin(origin, callback) {
            if (!origin || origin === 'null' || list.includes(origin)) callback(null, true);
            else callback(new Error('Not allowed'));
          },
        }));
      `,
      errors: [
        {
          messageId: 'nullAllowed',
          line: 4,
          column: 20,
          endLine: 4,
          endColumn: 37,
        },
      ],
    },
    {
      name: 'The origin null as an answer.',
      code: t`
        const allowed = ['https://a.example'];
        export function handle(req, res, next) {
          const ok = allowed.includes(req.headers.origin);
          res.setHeader('Access-Control-Allow-Origin', ok ? req.headers.origin : 'null');
          next();
        }
      `,
      errors: [
        {
          messageId: 'nullAllowed',
          line: 4,
          column: 74,
          endLine: 4,
          endColumn: 80,
        },
      ],
    },
    {
      name: 'The end of an origin.',
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: (origin, callback) => callback(null, origin.endsWith('example.com')) }));
      `,
      errors: [
        {
          messageId: 'partialMatch',
          data: { check: "origin.endsWith('example.com')", example: 'https://evilexample.com' },
          line: 2,
          column: 61,
          endLine: 2,
          endColumn: 91,
          suggestions: [
            {
              messageId: 'replaceCheck',
              output: t`
                import cors from 'cors';
                app.use(cors({ origin: (origin, callback) => callback(null, /^https?:\/\/(?:[\w-]+\.)*example\.com\$/.test(origin)) }));
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'The end of a host name, without a border.',
      code: t`
        import cors from 'cors';
        app.use(cors({
          origin(origin, callback) {
            const { hostname } = new URL(origin);
            callback(null, hostname.endsWith('example.com'));
          },
        }));
      `,
      errors: [
        {
          messageId: 'partialMatch',
          data: { check: "hostname.endsWith('example.com')", example: 'evilexample.com' },
          line: 5,
          column: 20,
          endLine: 5,
          endColumn: 52,
          suggestions: [
            {
              messageId: 'replaceCheck',
              output: t`
                import cors from 'cors';
                app.use(cors({
                  origin(origin, callback) {
                    const { hostname } = new URL(origin);
                    callback(null, /^(?:[\w-]+\.)*example\.com\$/.test(hostname));
                  },
                }));
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'The border cut off together with the star.',
      code: t`
        import cors from 'cors';
        app.use(cors({
          origin: (origin, callback) =>
            callback(null, rules.some((rule) => (rule.startsWith('*.') ? origin.endsWith(rule.slice(2)) : rule === origin))),
        }));
      `,
      errors: [
        {
          messageId: 'partialMatch',
          data: { check: 'origin.endsWith(rule.slice(2))', example: 'https://evilexample.com' },
          line: 4,
          column: 66,
          endLine: 4,
          endColumn: 96,
        },
      ],
    },
    {
      name: 'The beginning of an origin.',
      code: t`
        export function handle(req, res, next) {
          const origin = req.headers.origin;
          if (origin && origin.startsWith('https://example.com')) res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'partialMatch',
          data: { check: "origin.startsWith('https://example.com')", example: 'https://example.com.evil.example' },
          line: 3,
          column: 17,
          endLine: 3,
          endColumn: 57,
          suggestions: [
            {
              messageId: 'replaceCheck',
              output: t`
                export function handle(req, res, next) {
                  const origin = req.headers.origin;
                  if (origin && origin === 'https://example.com') res.setHeader('Access-Control-Allow-Origin', origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A part of an origin.',
      code: t`
        export function handle(req, res, next) {
          const origin = req.headers.origin;
          if (origin?.includes('example.com')) res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'partialMatch',
          data: { check: "origin?.includes('example.com')", example: 'https://example.com.evil.example' },
          line: 3,
          column: 7,
          endLine: 3,
          endColumn: 38,
          suggestions: [
            {
              messageId: 'replaceCheck',
              output: t`
                export function handle(req, res, next) {
                  const origin = req.headers.origin;
                  if (/^https?:\/\/(?:[\w-]+\.)*example\.com(?::\d+)?\$/.test(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A part, by its place.',
      code: t`
        export function handle(req, res, next) {
          const origin = req.headers['origin'];
          if (origin.indexOf('localhost') !== -1) res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'partialMatch',
          data: { check: "origin.indexOf('localhost') !== -1", example: 'https://localhost.evil.example' },
          line: 3,
          column: 7,
          endLine: 3,
          endColumn: 34,
          suggestions: [
            {
              messageId: 'replaceCheck',
              output: t`
                export function handle(req, res, next) {
                  const origin = req.headers['origin'];
                  if (/^https?:\/\/localhost(?::\d+)?\$/.test(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'The beginning, by its place, refused where it is not.',
      code: t`
        export function handle(req, res, next) {
          const origin = req.headers['origin'];
          if (origin.indexOf('https://example.com') !== 0) return res.status(403).end();
          res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'partialMatch',
          data: { check: "origin.indexOf('https://example.com') !== 0", example: 'https://example.com.evil.example' },
          line: 3,
          column: 7,
          endLine: 3,
          endColumn: 44,
          suggestions: [
            {
              messageId: 'replaceCheck',
              output: t`
                export function handle(req, res, next) {
                  const origin = req.headers['origin'];
                  if (origin !== 'https://example.com') return res.status(403).end();
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
      name: 'Entries of a list as beginnings.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          const origin = req.headers.origin;
          if (allowed.some((entry) => origin.startsWith(entry))) res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'partialMatch',
          data: { check: 'origin.startsWith(entry)', example: 'https://a.example.evil.example' },
          line: 4,
          column: 31,
          endLine: 4,
          endColumn: 55,
          suggestions: [
            {
              messageId: 'replaceCheck',
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
      name: 'Entries of a list that is read when the server starts.',
      code: t`
        const allowed = process.env.ORIGINS.split(',');
        export function handle(req, res, next) {
          const origin = req.headers.origin;
          for (const entry of allowed) {
            if (origin.includes(entry)) res.setHeader('Access-Control-Allow-Origin', origin);
          }
          next();
        }
      `,
      errors: [
        {
          messageId: 'partialMatch',
          data: { check: 'origin.includes(entry)', example: 'https://example.com.evil.example' },
          line: 5,
          column: 9,
          endLine: 5,
          endColumn: 31,
        },
      ],
    },
    {
      name: 'In a function that is asked by others.',
      code: t`
        // CORS
        export function isAllowedOrigin(origin: string): boolean {
          return origin.endsWith('example.com');
        }
      `,
      errors: [
        {
          messageId: 'partialMatch',
          data: { check: "origin.endsWith('example.com')", example: 'https://evilexample.com' },
          line: 3,
          column: 10,
          endLine: 3,
          endColumn: 40,
          suggestions: [
            {
              messageId: 'replaceCheck',
              output: t`
                // CORS
                export function isAllowedOrigin(origin: string): boolean {
                  return /^https?:\/\/(?:[\w-]+\.)*example\.com\$/.test(origin);
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'In a method that is given the header.',
      code: t`
        export class Cors {
          handle(req, res) {
            if (this.isAllowed(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
          }
          isAllowed(text) {
            return text.includes('example.com');
          }
        }
      `,
      errors: [
        {
          messageId: 'partialMatch',
          data: { check: "text.includes('example.com')", example: 'https://example.com.evil.example' },
          line: 6,
          column: 12,
          endLine: 6,
          endColumn: 40,
          suggestions: [
            {
              messageId: 'replaceCheck',
              output: t`
                export class Cors {
                  handle(req, res) {
                    if (this.isAllowed(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
                  }
                  isAllowed(text) {
                    return /^https?:\/\/(?:[\w-]+\.)*example\.com(?::\d+)?\$/.test(text);
                  }
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A pattern without ends.',
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: /example\.com/ }));
      `,
      errors: [
        {
          messageId: 'loosePattern',
          data: { check: '/example\\.com/', example: 'https://example.com.evil.example' },
          line: 2,
          column: 24,
          endLine: 2,
          endColumn: 38,
          suggestions: [
            {
              messageId: 'replacePattern',
              output: t`
                import cors from 'cors';
                app.use(cors({ origin: /^https?:\/\/(?:[\w-]+\.)*example\.com(?::\d+)?\$/ }));
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A pattern without an end.',
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: ['https://a.example', /^https:\/\/app\.example\.com/] }));
      `,
      errors: [
        {
          messageId: 'loosePattern',
          data: { check: '/^https:\\/\\/app\\.example\\.com/', example: 'https://app.example.com.evil.example' },
          line: 2,
          column: 46,
          endLine: 2,
          endColumn: 76,
          suggestions: [
            {
              messageId: 'replacePattern',
              output: t`
                import cors from 'cors';
                app.use(cors({ origin: ['https://a.example', /^https:\/\/app\.example\.com(?::\d+)?\$/] }));
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A pattern without a beginning.',
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: /example\.com\$/ }));
      `,
      errors: [
        {
          messageId: 'loosePattern',
          data: { check: '/example\\.com$/', example: 'https://evilexample.com' },
          line: 2,
          column: 24,
          endLine: 2,
          endColumn: 39,
          suggestions: [
            {
              messageId: 'replacePattern',
              output: t`
                import cors from 'cors';
                app.use(cors({ origin: /^https?:\/\/(?:[\w-]+\.)*example\.com\$/ }));
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A pattern with a dot that stands for any character.',
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: /^https:\/\/app.example.com\$/ }));
      `,
      errors: [
        {
          messageId: 'loosePattern',
          data: { check: '/^https:\\/\\/app.example.com$/', example: 'https://appxexample.com' },
          line: 2,
          column: 24,
          endLine: 2,
          endColumn: 53,
          suggestions: [
            {
              messageId: 'replacePattern',
              output: t`
                import cors from 'cors';
                app.use(cors({ origin: /^https:\/\/app\.example\.com\$/ }));
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A pattern that lets anything stand before the name.',
      code: t`
        const pattern = /^https:\/\/.*example\.com\$/;
        export function handle(req, res, next) {
          if (pattern.test(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'loosePattern',
          data: { check: 'pattern.test(req.headers.origin)', example: 'https://evilexample.com' },
          line: 3,
          column: 7,
          endLine: 3,
          endColumn: 39,
          suggestions: [
            {
              messageId: 'replacePattern',
              output: t`
                const pattern = /^https:\/\/(?:.*\.)?example\.com\$/;
                export function handle(req, res, next) {
                  if (pattern.test(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A text that becomes a pattern.',
      code: t`
        const pattern = '.*\\\.example\\\.com';
        export function handle(req, res, next) {
          let allowedOrigin = 'https://example.com';
          if (req.headers.origin.match(pattern)) allowedOrigin = req.headers.origin;
          res.header('Access-Control-Allow-Origin', allowedOrigin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'loosePattern',
          data: { check: 'req.headers.origin.match(pattern)', example: 'https://a.example.com.evil.example' },
          line: 4,
          column: 7,
          endLine: 4,
          endColumn: 40,
        },
      ],
    },
    {
      name: 'Patterns that are made of texts.',
      code: t`
        const toPattern = (rule) => (rule instanceof RegExp ? rule : new RegExp(rule));
        export function cors({ rules }) {
          const patterns = rules.map(toPattern);
          return (req, res) => {
            if (patterns.some((pattern) => pattern.test(req.headers.origin))) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
          };
        }
      `,
      errors: [
        {
          messageId: 'loosePattern',
          data: { check: 'pattern.test(req.headers.origin)', example: 'https://example.com.evil.example' },
          line: 5,
          column: 36,
          endLine: 5,
          endColumn: 68,
        },
      ],
    },
    {
      name: 'A pattern that goes on where it stopped.',
      code: t`
        const pattern = /^https:\/\/[a-z]+\.example\.com\$/gi;
        export function handle(req, res, next) {
          if (pattern.test(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'statefulPattern',
          data: { pattern: '/^https:\\/\\/[a-z]+\\.example\\.com$/gi' },
          line: 3,
          column: 7,
          endLine: 3,
          endColumn: 39,
          suggestions: [
            {
              messageId: 'removeFlag',
              output: t`
                const pattern = /^https:\/\/[a-z]+\.example\.com\$/i;
                export function handle(req, res, next) {
                  if (pattern.test(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A list that is one text.',
      code: t`
        export function handle(req, res, next) {
          if (process.env.ORIGINS.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'stringList',
          data: { list: 'process.env.ORIGINS', check: 'process.env.ORIGINS.includes(req.headers.origin)' },
          line: 2,
          column: 7,
          endLine: 2,
          endColumn: 55,
          suggestions: [
            {
              messageId: 'splitList',
              output: t`
                export function handle(req, res, next) {
                  if (process.env.ORIGINS.split(',').includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A list that is one text, by its type.',
      code: t`
        export function handle(req, res, allowed: string) {
          if (allowed.indexOf(req.headers.origin) > -1) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        }
      `,
      errors: [
        {
          messageId: 'stringList',
          data: { list: 'allowed', check: 'allowed.indexOf(req.headers.origin) > -1' },
          line: 2,
          column: 7,
          endLine: 2,
          endColumn: 47,
          suggestions: [
            {
              messageId: 'splitList',
              output: t`
                export function handle(req, res, allowed: string) {
                  if (allowed.split(',').indexOf(req.headers.origin) > -1) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'Several origins in one header.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          res.setHeader('Access-Control-Allow-Origin', allowed.join(', '));
          next();
        }
      `,
      errors: [
        {
          messageId: 'joinedList',
          data: { value: "allowed.join(', ')" },
          line: 3,
          column: 48,
          endLine: 3,
          endColumn: 66,
        },
      ],
    },
    {
      name: 'Several origins in one option.',
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: 'https://a.example, https://b.example' }));
      `,
      errors: [
        {
          messageId: 'joinedList',
          data: { value: "'https://a.example, https://b.example'" },
          line: 2,
          column: 24,
          endLine: 2,
          endColumn: 62,
        },
      ],
    },
    {
      name: 'A place in the list, asked as if it were yes or no.',
      code: t`
        const allowed = ['https://a.example'];
        export function handle(req, res, next) {
          if (allowed.indexOf(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'alwaysTrue',
          data: { check: 'allowed.indexOf(req.headers.origin)', reason: 'it is `-1` for an origin that is not in the list, and `-1` is true' },
          line: 3,
          column: 7,
          endLine: 3,
          endColumn: 42,
          suggestions: [
            {
              messageId: 'replaceCheck',
              output: t`
                const allowed = ['https://a.example'];
                export function handle(req, res, next) {
                  if (allowed.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'Yes or no, compared with a place.',
      code: t`
        const allowed = ['https://a.example'];
        export function handle(req, res, next) {
          if (allowed.includes(req.headers.origin) !== -1) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'alwaysTrue',
          data: { check: 'allowed.includes(req.headers.origin) !== -1', reason: 'it compares `true` or `false` with a number' },
          line: 3,
          column: 7,
          endLine: 3,
          endColumn: 50,
          suggestions: [
            {
              messageId: 'replaceCheck',
              output: t`
                const allowed = ['https://a.example'];
                export function handle(req, res, next) {
                  if (allowed.includes(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
                  next();
                }
              `,
            },
          ],
        },
      ],
    },
    {
      name: 'A list of matches, asked as if it were yes or no.',
      code: t`
        const allowed = ['https://a.example'];
        export function handle(req, res, next) {
          if (allowed.filter((entry) => entry === req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'alwaysTrue',
          data: { check: 'allowed.filter((entry) => entry === req.headers.origin)', reason: 'it is an array, and even an empty one is true' },
          line: 3,
          column: 7,
          endLine: 3,
          endColumn: 62,
        },
      ],
    },
    {
      name: 'A text that is true by itself.',
      code: t`
        export function handle(req, res, next) {
          const { origin } = req.headers;
          if (origin === 'https://a.example' || 'https://b.example') res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'alwaysTrue',
          data: { check: "origin === 'https://a.example' || 'https://b.example'", reason: "`'https://b.example'` is true by itself" },
          line: 3,
          column: 7,
          endLine: 3,
          endColumn: 60,
        },
      ],
    },
    {
      name: 'A promise, which is always true.',
      code: t`
        async function isAllowed(origin) {
          return (await load()).includes(origin);
        }
        export async function handle(req, res) {
          if (isAllowed(req.headers.origin)) res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
        }
      `,
      errors: [
        {
          messageId: 'alwaysTrue',
          data: { check: 'isAllowed(req.headers.origin)', reason: 'it is a promise, and a promise is always true' },
          line: 5,
          column: 7,
          endLine: 5,
          endColumn: 36,
        },
      ],
    },
    {
      name: 'A list that holds the origin itself.',
      code: t`
        export function handle(req, res, next) {
          const { origin } = req.headers;
          const allowed = ['https://a.example', origin];
          if (allowed.includes(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
          next();
        }
      `,
      errors: [
        {
          messageId: 'alwaysTrue',
          data: { check: 'allowed.includes(origin)', reason: 'the list holds the origin of the request itself' },
          line: 4,
          column: 7,
          endLine: 4,
          endColumn: 31,
        },
      ],
    },
    {
      name: 'A response for caches that depends on the origin.',
      code: t`
        const allowed = ['https://a.example'];
        export function handle(req, res, next) {
          const { origin } = req.headers;
          if (allowed.includes(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
          res.setHeader('Cache-Control', 'public, max-age=600');
          next();
        }
      `,
      errors: [
        {
          messageId: 'missingVary',
          data: { value: 'origin' },
          line: 4,
          column: 78,
          endLine: 4,
          endColumn: 84,
          suggestions: [{ messageId: 'addVary', output: t`
            const allowed = ['https://a.example'];
            export function handle(req, res, next) {
              const { origin } = req.headers;
              res.appendHeader('Vary', 'Origin');
              if (allowed.includes(origin)) res.setHeader('Access-Control-Allow-Origin', origin);
              res.setHeader('Cache-Control', 'public, max-age=600');
              next();
            }
          ` }],
        },
      ],
    },
    {
      name: 'A response that browsers keep, in one object.',
      code: t`
        const allowed = ['https://a.example'];
        export function handle(req) {
          const origin = req.headers.get('Origin');
          const headers = {
            'Access-Control-Allow-Origin': allowed.includes(origin) ? origin : allowed[0],
            'Cache-Control': 'max-age=600',
          };
          return new Response('', { headers });
        }
      `,
      errors: [
        {
          messageId: 'missingVary',
          data: { value: 'allowed.includes(origin) ? origin : allowed[0]' },
          line: 5,
          column: 36,
          endLine: 5,
          endColumn: 82,
          suggestions: [{ messageId: 'addVary', output: t`
            const allowed = ['https://a.example'];
            export function handle(req) {
              const origin = req.headers.get('Origin');
              const headers = {
                'Access-Control-Allow-Origin': allowed.includes(origin) ? origin : allowed[0],
                'Vary': 'Origin',
                'Cache-Control': 'max-age=600',
              };
              return new Response('', { headers });
            }
          ` }],
        },
      ],
    },
    {
      name: 'With the option: an answer that no cache is told to keep.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export function handle(req, res, next) {
          const { origin } = req.headers;
          if (allowed.includes(origin)) {
            res.set('Access-Control-Allow-Origin', origin)
          }
          next()
        }
      `,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'missingVary',
          data: { value: 'origin' },
          line: 5,
          column: 44,
          endLine: 5,
          endColumn: 50,
          suggestions: [{ messageId: 'addVary', output: t`
            const allowed = ['https://a.example', 'https://b.example'];
            export function handle(req, res, next) {
              const { origin } = req.headers;
              res.vary('Origin')
              if (allowed.includes(origin)) {
                res.set('Access-Control-Allow-Origin', origin)
              }
              next()
            }
          ` }],
        },
      ],
    },
    {
      name: 'With the option: what is written is declared inside the test.',
      code: t`
        const allowed = ['https://a.example', 'https://b.example'];
        export const handle = async (c, next) => {
          const origin = c.req.header('Origin');
          if (allowed.includes(origin)) {
            const shown = origin;
            c.header('Access-Control-Allow-Origin', shown);
          }
          await next();
        };
      `,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'missingVary',
          data: { value: 'shown' },
          line: 6,
          column: 45,
          endLine: 6,
          endColumn: 50,
          suggestions: [{ messageId: 'addVary', output: t`
            const allowed = ['https://a.example', 'https://b.example'];
            export const handle = async (c, next) => {
              const origin = c.req.header('Origin');
              c.header('Vary', 'Origin', { append: true });
              if (allowed.includes(origin)) {
                const shown = origin;
                c.header('Access-Control-Allow-Origin', shown);
              }
              await next();
            };
          ` }],
        },
      ],
    },
    {
      name: 'With the option: a test.',
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: true, credentials: true }));
      `,
      options: [{ checkTestFiles: true }],
      filename: 'cors.test.ts',
      errors: [
        {
          messageId: 'anyAllowed',
          data: { option: '`origin: true`' },
          line: 2,
          column: 16,
          endLine: 2,
          endColumn: 28,
        },
      ],
    },
    {
      name: 'With the option: every origin, without credentials.',
      code: t`
        export function handle(req, res, next) {
          res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
          res.setHeader('Vary', 'Origin');
          next();
        }
      `,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'reflected',
          data: { credentials: 'without', origin: 'req.headers.origin' },
          line: 2,
          column: 48,
          endLine: 2,
          endColumn: 66,
        },
      ],
    },
    {
      name: 'With the option: names that everybody can have.',
      code: t`
        import cors from 'cors';
        app.use(cors({ origin: /^https:\/\/[\w-]+\.vercel\.app\$/ }));
      `,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'loosePattern',
          data: { check: '/^https:\\/\\/[\\w-]+\\.vercel\\.app$/', example: 'https://evil.vercel.app' },
          line: 2,
          column: 24,
          endLine: 2,
          endColumn: 57,
        },
      ],
    },
    {
      name: 'With the option: a setting decides.',
      code: t`
        import { settings } from './settings.js';
        export function handle(req, res, next) {
          if (settings.open) {
            res.setHeader('Access-Control-Allow-Origin', req.headers.origin);
            res.setHeader('Access-Control-Allow-Credentials', 'true');
          }
          res.setHeader('Vary', 'Origin');
          next();
        }
      `,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'reflected',
          data: { credentials: 'with', origin: 'req.headers.origin' },
          line: 4,
          column: 50,
          endLine: 4,
          endColumn: 68,
        },
      ],
    },
    {
      name: 'With the option: a pattern of somebody else.',
      code: t`
        // CORS
        export function isOriginAllowed(origin: string, rule: string | RegExp) {
          if (rule instanceof RegExp) return rule.test(origin);
          return rule === origin;
        }
      `,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'maybeStateful',
          data: { pattern: 'rule' },
          line: 3,
          column: 38,
          endLine: 3,
          endColumn: 55,
        },
      ],
    },
    {
      name: 'With the option: the same, in a block of its own.',
      code: t`
        // CORS
        export function isOriginAllowed(origin: string, rule: string | RegExp) {
          if (rule instanceof RegExp) {
            return rule.test(origin);
          }
          return rule === origin;
        }
      `,
      options: [{ includePotential: true }],
      errors: [
        {
          messageId: 'maybeStateful',
          data: { pattern: 'rule' },
          line: 4,
          column: 12,
          endLine: 4,
          endColumn: 29,
          suggestions: [{ messageId: 'resetPattern', output: t`
            // CORS
            export function isOriginAllowed(origin: string, rule: string | RegExp) {
              if (rule instanceof RegExp) {
                rule.lastIndex = 0;
                return rule.test(origin);
              }
              return rule === origin;
            }
          ` }],
        },
      ],
    },
  ],
});
