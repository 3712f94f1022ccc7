import { type Leak, extendKind, findLeaks, getTempFileRepair, readSettings, temporaryKinds } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { describeExit } from './support/describe-exit.js';
import { getCalleeText } from './support/get-callee-text.js';
import { getFile } from './support/get-file.js';
import { reportFinding } from './support/report-finding.js';
import { selectWanted } from './support/select-wanted.js';
import { LOCAL, suggestRepair } from './support/suggest-repair.js';

type MessageId = 'leftBehind' | 'droppedPath' | 'removeIt';

export default createRule<MessageId>({
  name: 'no-unmanaged-temp-file',
  kinds: temporaryKinds,
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow leaving a temporary file or folder behind on some path',
      preset: 'recommended',
      phase: 1,
    },
    hasSuggestions: true,
    messages: {
      leftBehind: 'The {{ label }} {{ holder }} is left behind when {{ exit }}. Remove it in a `finally` that starts right after it is made.',
      droppedPath: 'The {{ label }} of `{{ call }}` is left behind: nobody keeps its path. Keep the path and remove it.',
      removeIt: 'Remove it on every way out.',
    },
  },
  create(context, { includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        const { settings } = readSettings(file.settings);
        for (const leak of selectWanted(temporaryKinds.flatMap((kind) => findLeaks(file, extendKind(kind, settings))), includePotential)) {
          const { messageId, data } = describe(leak, getCalleeText(leak.site, file));
          reportFinding(context, { ...leak, facts: { leak, file } }, {
            node: leak.node as never,
            messageId,
            data,
            suggest: suggestRepair(getTempFileRepair(leak, file, LOCAL), file, 'removeIt'),
          });
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
