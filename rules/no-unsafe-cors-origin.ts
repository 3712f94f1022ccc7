import { type UnsafeOrigin, type UnsafeOriginKind, findUnsafeOrigins, getOriginRepair } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { getFile } from './support/get-file.js';
import { reportFinding } from './support/report-finding.js';
import { selectWanted } from './support/select-wanted.js';
import { toFix } from './support/to-fix.js';

type MessageId = UnsafeOriginKind | 'replaceCheck' | 'replacePattern' | 'removeFlag' | 'removeCredentials' | 'removeEntry' | 'splitList' | 'addReturn' | 'addVary' | 'resetPattern';

export default createRule<MessageId>({
  name: 'no-unsafe-cors-origin',
  triggers: ['Access-Control-', 'access-control-', 'ACCESS-CONTROL-', 'cors', 'Cors', 'CORS', 'credentials', 'Credentials'],
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow CORS decisions that let in origins which nobody meant to let in',
      preset: 'recommended',
      phase: 2,
    },
    hasSuggestions: true,
    messages: {
      reflected: '`Access-Control-Allow-Origin` repeats the origin of every request, {{credentials}} credentials. Compare `{{origin}}` with a list of allowed origins first.',
      anyAllowed: 'Every origin is let in with credentials: {{option}}. Name the allowed origins.',
      wildcardWithCredentials: '{{value}} with credentials is refused by browsers, and reflected by servers that make up for it. Name the allowed origins or leave out the credentials.',
      nullAllowed: 'The origin `null` is let in, which every sandboxed frame of every site has. Refuse it.',
      partialMatch: '`{{check}}` also lets in `{{example}}`. Compare the whole origin.',
      loosePattern: '`{{check}}` also lets in `{{example}}`. Match the whole origin and escape its dots.',
      statefulPattern: 'Pattern `{{pattern}}` keeps its place from one `test()` to the next, so the same origin is let in and refused in turns. Remove the `g` or `y` flag.',
      maybeStateful: '`{{pattern}}` is handed in, and with a `g` or `y` flag it keeps its place from one `test()` to the next: the same origin is then let in and refused in turns. Set its `lastIndex` to 0 first.',
      stringList: '`{{list}}` is one text, so `{{check}}` lets in every part of it. Split it into a list of origins.',
      joinedList: '{{value}} names several origins in one header value, which no browser accepts. Send the one that matches the request.',
      alwaysTrue: '`{{check}}` does not ask whether the origin is allowed: {{reason}}. Compare the origin with each entry.',
      uselessCheck: 'Every origin is let in whatever {{check}} says. Answer with an error, or without CORS headers, where it fails.',
      rejectedServed: 'An origin that `{{check}}` refuses is served all the same, since the code after it still runs. Return there.',
      missingVary: '`Access-Control-Allow-Origin` is `{{value}}`, which depends on the request, but there is no `Vary: Origin`, so a cache gives one site the answer for another. Add the header.',
      replaceCheck: 'Compare the whole origin.',
      replacePattern: 'Match the whole origin.',
      removeFlag: 'Remove the flag.',
      removeCredentials: 'Leave out the credentials.',
      removeEntry: 'Leave the entry out.',
      splitList: 'Split the text into a list.',
      addReturn: 'Return after the refusal.',
      resetPattern: 'Set `lastIndex` to 0 first.',
      addVary: 'Send `Vary: Origin`, too.',
    },
  },
  create(context, { includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        for (const finding of selectWanted(findUnsafeOrigins(file), includePotential)) {
          const repair = getOriginRepair(file, finding, false);
          reportFinding(
            context,
            { ...finding, facts: { repair: getOriginRepair(file, finding, true) } },
            {
              node: finding.node,
              messageId: finding.kind,
              data: getData(finding),
              suggest: 'edits' in repair ? [{ messageId: repair.kind, fix: toFix(repair.edits) }] : [],
            },
          );
        }
      },
    };
  },
});

function getData(finding: UnsafeOrigin): Record<string, string> {
  return finding.kind === 'uselessCheck' && finding.data.check !== 'the comparison' ? { check: `\`${finding.data.check}\`` } : { ...finding.data };
}
