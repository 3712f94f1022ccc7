import { type UnboundedWait, addSignal, describeCall, findUnboundedWaits } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { getFile } from './support/get-file.js';
import { getHeadLocation } from './support/get-head-location.js';
import { reportFinding } from './support/report-finding.js';
import { suggestEdits } from './support/suggest-edits.js';

interface Options {
  codemodTimeout: number;
  suggestedTimeout: number;
}
type MessageId = 'unbounded' | 'ignoredTimeout' | 'addTimeout';

export default createRule<MessageId, Options>({
  name: 'require-abort-signal',
  triggers: ['fetch', 'request', 'axios', 'got', 'ky', 'http', 'once'],
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Require a signal or a time limit for requests and other waits without an end of their own',
      preset: 'strict',
      phase: 4,
    },
    hasSuggestions: true,
    messages: {
      unbounded: '`{{ call }}` has neither a signal nor a time limit. Pass a signal, or at least `AbortSignal.timeout({{ timeout }})`.',
      ignoredTimeout: '`{{ call }}` does not know the option `{{ option }}`. Pass `AbortSignal.timeout(…)` as its signal.',
      addTimeout: 'Give up after {{ timeout }} milliseconds.',
    },
    options: {
      codemodTimeout: {
        type: 'integer',
        minimum: 0,
        description: 'The time limit, in milliseconds, that the codemod writes into requests without one; 0 leaves them to their author.',
        default: 0,
      },
      suggestedTimeout: {
        type: 'integer',
        minimum: 1,
        description: 'The time limit that suggestions write, in milliseconds.',
        default: 30_000,
      },
    },
  },
  create(context, { codemodTimeout, includePotential, suggestedTimeout }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        for (const wait of findUnboundedWaits(file, { includePotential })) {
          const data = { call: describeCall(file, wait.node), timeout: String(suggestedTimeout), option: getOption(wait) };
          reportFinding(context, { ...wait, facts: { wait, file, timeout: codemodTimeout } }, {
            messageId: wait.ignored ? 'ignoredTimeout' : 'unbounded',
            data,
            loc: getHeadLocation(wait.node),
            suggest: suggestEdits({ messageId: 'addTimeout', data }, addSignal(file, wait.abortable, wait.given, `AbortSignal.timeout(${suggestedTimeout})`)),
          });
        }
      },
    };
  },
});

function getOption({ ignored }: UnboundedWait): string {
  return ignored?.key.type === 'Identifier' ? ignored.key.name : 'timeout';
}
