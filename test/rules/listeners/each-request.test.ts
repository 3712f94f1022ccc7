import rule from '../../../rules/no-unremoved-listener.js';
import { runRuleTests } from '../support/run-rule-tests.js';

/** A class whose method serves requests; `field` is what the instance holds. */
const serve = (body: string, { field = 'constructor(private readonly options: { jobs: EventEmitter }) {}', head = 'events(req: Request, res: Response)' } = {}) => `class Server {
  ${field}
  ${head} {
    ${body}
  }
}`;
const ADD = `this.options.jobs.on('change', (job) => res.write(job));`;
const error = (target: string, endColumn: number) => ({
  messageId: 'call',
  data: { detail: 'each request', event: " for 'change'", target },
  line: 4,
  column: 5,
  endLine: 4,
  endColumn,
  suggestions: [],
});

runRuleTests(rule, {
  invalid: [
    { name: 'a field of the constructor', code: serve(ADD), errors: [error('this.options.jobs', 25)] },
    {
      name: 'a field that the constructor sets, in JavaScript',
      code: serve(`this.jobs.on('change', (job) => res.write(job));`, { field: 'constructor(jobs) {\n    this.jobs = jobs;\n  }', head: 'events(req, res)' }).replace('{\n    this.jobs = jobs;\n  }', '{ this.jobs = jobs; }'),
      errors: [error('this.jobs', 17)],
    },
    {
      name: 'its end takes back only something else',
      code: serve(`${ADD} const beat = setInterval(() => res.write(':'), 1000); res.on('close', () => clearInterval(beat));`),
      errors: [error('this.options.jobs', 25)],
    },
  ],
  valid: [
    { name: 'taken back when the response closes', code: serve(`const send = (job) => res.write(job); this.options.jobs.on('change', send); res.on('close', () => this.options.jobs.off('change', send));`) },
    { name: 'once', code: serve(`this.options.jobs.once('change', (job) => res.end(job));`) },
    { name: 'nothing of the request is kept', code: serve(`this.options.jobs.on('change', (job) => console.log(job)); res.end();`) },
    { name: 'a field that each request sets', code: serve(`this.jobs = new EventEmitter(); this.jobs.on('change', (job) => res.write(job));`, { field: 'jobs = undefined;' }) },
    { name: 'a field that another method sets', code: serve(`this.jobs.on('change', (job) => res.write(job));`, { field: 'jobs; open(id) { this.jobs = makeJobs(id); }' }) },
    { name: 'a field of which nothing is known', code: serve(ADD, { field: '' }) },
    { name: 'a method that serves no request', code: serve(`this.options.jobs.on('change', (job) => page.write(job));`, { head: 'events(page, size)' }) },
    { name: 'an instance for each request', code: `class Answer { constructor(req, res) { this.req = req; this.res = res; } send() { this.req.on('data', (chunk) => this.res.write(chunk)); } }` },
  ],
});
