import { type FunctionNode, type Leak, type SourceFile, extendKind, findLeaks, getCalleeName, isFunction, readSettings, responseBody } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { describeExit } from './support/describe-exit.js';
import { getCalleeText } from './support/get-callee-text.js';
import { getFile } from './support/get-file.js';
import { reportFinding } from './support/report-finding.js';
import { selectWanted } from './support/select-wanted.js';
import { suggestCancel } from './support/suggest-cancel.js';

type MessageId = 'unreadOnPath' | 'unreadRejection' | 'droppedResponse' | 'ignoredResponse' | 'cancelBody';

export default createRule<MessageId>({
  name: 'no-unclosed-response-body',
  kinds: [responseBody],
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow leaving the body of an HTTP response neither read nor cancelled on some path',
      preset: 'recommended',
      phase: 1,
    },
    hasSuggestions: true,
    messages: {
      unreadOnPath: 'Body of {{ holder }} is never read or cancelled when {{ exit }}. Read it, or cancel it before.',
      unreadRejection: 'Body of the response that comes with {{ holder }} is never read or cancelled when {{ exit }}. Read it, or destroy it before.',
      droppedResponse: 'The response of `{{ call }}` is dropped without its body being read or cancelled. Read it, or cancel it.',
      ignoredResponse: 'The response of `{{ call }}` is not taken by its callback, so nobody consumes it. {{ action }}',
      cancelBody: 'Cancel the body before this exit.',
    },
  },
  create(context, { includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        const kind = extendKind(responseBody, readSettings(file.settings).settings);
        for (const leak of selectWanted(findLeaks(file, kind), includePotential)) {
          reportFinding(context, { ...leak, facts: { leak, file } }, {
            ...describe(leak, file),
            node: leak.node as never,
            suggest: suggestCancel(leak, file, 'cancelBody'),
          });
        }
      },
    };
  },
});

function describe(leak: Leak, file: SourceFile): { messageId: MessageId; data: Record<string, string> } {
  const { exit, holder, isHolderList, isRejected, node } = leak;
  const call = getCalleeText(node, file);
  if (exit?.kind === 'discard') {
    const callback = isFunction(exit.node) ? exit.node : undefined;
    return { messageId: callback ? 'ignoredResponse' : 'droppedResponse', data: { call, ...(callback && { action: getAction(callback) }) } };
  }
  if (isRejected) return { messageId: 'unreadRejection', data: { holder: holder === undefined ? `the error of \`${call}\`` : `\`${holder}\``, exit: describeExit(leak) } };
  const name = holder === undefined ? `the response of \`${call}\`` : `${isHolderList ? 'one of ' : ''}\`${holder}\``;
  return { messageId: 'unreadOnPath', data: { holder: name, exit: describeExit(leak) } };
}

/** What to do in `fetch(url).then(() => {})` has another name than in `http.get(url, () => {})`. */
function getAction({ parent }: FunctionNode): string {
  const isPromised = parent?.type === 'CallExpression' && getCalleeName(parent.callee) === 'then';
  return isPromised ? 'Take it, and read or cancel its body.' : 'Call `resume()` on it.';
}
