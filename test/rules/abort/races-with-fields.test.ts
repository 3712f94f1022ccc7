import rule from '../../../rules/no-abandoned-race.js';
import { runRuleTests } from '../support/run-rule-tests.js';

runRuleTests(rule, {
  valid: [
    // a field that is only ever resolved
    `interface Scope { drained?: Promise<void>; done?: () => void }
export async function drain(scope: Scope) {
  scope.drained ??= new Promise<void>((resolve) => { scope.done = resolve; });
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([scope.drained, new Promise<void>((resolve) => { timer = setTimeout(resolve, 30_000); })]);
  clearTimeout(timer);
}`,
  ],
  invalid: [
    // a field that may be rejected
    {
      code: `interface Scope { drained?: Promise<void>; work(): Promise<void> }
export async function drain(scope: Scope) {
  scope.drained ??= scope.work();
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([scope.drained, new Promise<void>((resolve) => { timer = setTimeout(resolve, 30_000); })]);
  clearTimeout(timer);
}`,
      errors: [
        {
          messageId: 'clearedWhenFulfilled',
          line: 5, column: 9, endLine: 5, endColumn: 21,
          suggestions: [{ messageId: 'clearTimer', output: `interface Scope { drained?: Promise<void>; work(): Promise<void> }
export async function drain(scope: Scope) {
  scope.drained ??= scope.work();
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([scope.drained, new Promise<void>((resolve) => { timer = setTimeout(resolve, 30_000); })]).finally(() => clearTimeout(timer));
  clearTimeout(timer);
}` }],
        },
      ],
    },
  ],
});
