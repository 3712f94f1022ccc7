import { type Leak, extendKind, findLeaks, readSettings, responseBody } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { getFile } from './support/get-file.js';
import { isTestFile } from './support/is-test-file.js';
import { reportFinding } from './support/report-finding.js';
import { suggestCancel } from './support/suggest-cancel.js';

interface Options {
  checkTestFiles: boolean;
  includePotential: boolean;
}
type MessageId = 'unreadOnPath' | 'droppedResponse' | 'ignoredResponse' | 'cancelBody';

export default createRule<MessageId, Options>({
  name: 'no-unclosed-response-body',
  triggers: responseBody.triggers,
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
      droppedResponse: 'The response of `{{ call }}` is dropped without its body being read or cancelled. Read it, or cancel it.',
      ignoredResponse: 'The response of `{{ call }}` is not taken by its callback, so nobody consumes it. Call `resume()` on it.',
      cancelBody: 'Cancel the body before this exit.',
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
    if (!checkTestFiles && isTestFile(context)) return {};
    return {
      'Program:exit'() {
        const file = getFile(context);
        const kind = extendKind(responseBody, readSettings(file.settings).settings);
        for (const leak of findLeaks(file, kind)) {
          if (leak.certainty === 'potential' && !includePotential) continue;
          reportFinding(context, leak, {
            ...describe(leak, context.sourceCode.text),
            node: leak.node as never,
            suggest: suggestCancel(leak, file, 'cancelBody'),
          });
        }
      },
    };
  },
});

function describe(leak: Leak, text: string): { messageId: MessageId; data: Record<string, string> } {
  const { exit, holder, site } = leak;
  const call = getCalleeText(site as { callee?: { range: [number, number] } }, text);
  if (exit?.kind === 'discard') {
    const isCallback = /Function/.test(exit.node.type);
    return { messageId: isCallback ? 'ignoredResponse' : 'droppedResponse', data: { call } };
  }
  return {
    messageId: 'unreadOnPath',
    data: { call, holder: holder === undefined ? `the response of \`${call}\`` : `\`${holder}\``, exit: describeExit(leak) },
  };
}

function describeExit({ exit }: Leak): string {
  const { start, end } = exit!.node.loc;
  const { line } = start;
  switch (exit!.kind) {
    case 'throw':
    case 'implicit-throw':
      return `line ${line} throws`;
    case 'return':
      return `line ${line} returns`;
    case 'overwrite':
      return `line ${line} overwrites it`;
    case 'next-iteration':
      return `the iteration ends on line ${end.line}`;
    case 'leave-block':
      return `the block ends on line ${end.line}`;
    case 'abandon':
      return `the generator is abandoned on line ${line}`;
    default:
      return 'the function ends';
  }
}

function getCalleeText(site: { callee?: { range: [number, number] } }, text: string): string {
  const callee = site.callee ? text.slice(...site.callee.range).replace(/\s+/g, ' ') : 'the call';
  return callee.length > 40 ? `${callee.slice(0, 37)}…` : callee;
}
