import { type Leak, extendKind, findLeaks, readSettings, temporaryKinds } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { describeExit } from './support/describe-exit.js';
import { getCalleeText } from './support/get-callee-text.js';
import { getFile } from './support/get-file.js';
import { IMPORT_WORDS } from './support/import-words.js';
import { isTest } from './support/is-test.js';
import { reportFinding } from './support/report-finding.js';

interface Options {
  checkTestFiles: boolean;
  includePotential: boolean;
}
type MessageId = 'leftBehind' | 'droppedPath';

export default createRule<MessageId, Options>({
  name: 'no-unmanaged-temp-file',
  triggers: [...new Set(temporaryKinds.flatMap((kind) => kind.triggers).concat(IMPORT_WORDS))],
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow leaving a temporary file or folder behind on some path',
      preset: 'recommended',
      phase: 1,
    },
    messages: {
      leftBehind: 'The {{ label }} {{ holder }} is left behind when {{ exit }}. Remove it in a `finally` that starts right after it is made.',
      droppedPath: 'The {{ label }} of `{{ call }}` is left behind: nobody keeps its path. Keep the path and remove it.',
    },
    options: {
      checkTestFiles: {
        type: 'boolean',
        description: 'Also check files that are tests by their name or folder.',
        default: false,
      },
      includePotential: {
        type: 'boolean',
        description: 'Also report what is likely but not shown on every step.',
        default: false,
      },
    },
  },
  create(context, { checkTestFiles, includePotential }) {
    if (!checkTestFiles && isTest(context)) return {};
    return {
      'Program:exit'() {
        const file = getFile(context);
        const { settings } = readSettings(file.settings);
        for (const leak of temporaryKinds.flatMap((kind) => findLeaks(file, extendKind(kind, settings)))) {
          if (leak.certainty === 'potential' && !includePotential) continue;
          reportFinding(context, { ...leak, facts: { leak, file } }, { node: leak.node as never, ...describe(leak, getCalleeText(leak.site, file)) });
        }
      },
    };
  },
});

function describe(leak: Leak, call: string): { messageId: MessageId; data: Record<string, string> } {
  const { exit, holder, kind } = leak;
  if (exit?.kind === 'discard') return { messageId: 'droppedPath', data: { label: kind.label, call } };
  const name = holder === undefined ? `of \`${call}\`` : `in \`${holder}\``;
  return { messageId: 'leftBehind', data: { label: kind.label, holder: name, exit: describeExit(leak) } };
}
