import { type LeakedListener, type SourceFile, findLeakedListeners, getListenerEdits } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { describeExit } from './support/describe-exit.js';
import { getFile } from './support/get-file.js';
import { getHeadLocation } from './support/get-head-location.js';
import { reportFinding } from './support/report-finding.js';
import { suggestEdits } from './support/suggest-edits.js';

type MessageId = 'neverRemoved' | 'onPath' | 'onRejection' | 'onSettlement' | 'removeListener';

export default createRule<MessageId>({
  name: 'no-leaked-abort-listener',
  triggers: ['addEventListener', 'addAbortListener', 'once'],
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow abort listeners that stay on a signal when the work has ended without an abort',
      preset: 'recommended',
      phase: 1,
    },
    hasSuggestions: true,
    messages: {
      neverRemoved: 'This listener stays on `{{ signal }}` when the work ends without an abort. Remove it then.',
      onPath: 'The listener stays on `{{ signal }}` when {{ exit }}. Remove it in `finally`.',
      onRejection: 'The listener stays on `{{ signal }}` when the promise rejects. Remove it in `finally`.',
      onSettlement: 'The listener stays on `{{ signal }}` when line {{ line }} settles the promise. Remove it there too.',
      removeListener: 'Remove the listener when the work has ended.',
    },
  },
  create(context, { includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        for (const listener of findLeakedListeners(file, { includePotential })) {
          reportFinding(context, { ...listener, facts: { listener, file } }, {
            ...describe(file, listener),
            loc: getHeadLocation(listener.node),
            suggest: suggestEdits({ messageId: 'removeListener' }, getListenerEdits(file, listener)),
          });
        }
      },
    };
  },
});

function describe(file: SourceFile, { loss, signal: node, exit }: LeakedListener): { messageId: MessageId; data: Record<string, string> } {
  const signal = file.getText(node).replace(/\s+/g, ' ');
  switch (loss) {
    case 'never':
      return { messageId: 'neverRemoved', data: { signal } };
    case 'path':
      return { messageId: 'onPath', data: { signal, exit: describeExit({ exit: exit! }) } };
    case 'rejection':
      return { messageId: 'onRejection', data: { signal } };
    case 'settled':
      return { messageId: 'onSettlement', data: { signal, line: String(exit!.node.loc.start.line) } };
  }
}
