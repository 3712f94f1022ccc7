import { type ListenerRepair, type UnremovedListener, type UnremovedReason, findUnremovedListeners, getCounterpart, getListenerRepair, shorten } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { getFile } from './support/get-file.js';
import { reportFinding } from './support/report-finding.js';
import { toFix } from './support/to-fix.js';

type MessageId = UnremovedReason | ListenerRepair['kind'];

export default createRule<MessageId>({
  name: 'no-unremoved-listener',
  triggers: ['.on(', '.once(', '.addListener(', '.prependListener(', '.addEventListener(', '.listen(', '.prependOnceListener(', '.subscribe('],
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow listeners that pile up on an emitter that outlives the call, instance or component that adds them',
      preset: 'recommended',
      phase: 1,
    },
    hasSuggestions: true,
    messages: {
      addedInRemoval: '`{{call}}` adds the listener once more, where {{detail}} is meant to remove it. Call `{{counterpart}}`.',
      removesNothing: 'This `{{call}}` {{detail}}, so it removes nothing, and the listener{{event}} stays. Pass what was added.',
      instance: 'Each `{{owner}}` adds a listener{{event}} to `{{target}}` that `{{teardown}}()` does not remove. Remove it there.',
      effect: 'Each time the component appears it adds a listener{{event}} to `{{target}}` that {{detail}} does not remove. Remove it there.',
      call: 'With {{detail}} one more listener{{event}} stays on `{{target}}`, which outlives it. Remove it when the work is done.',
      pair: 'The listener{{event}} stays on `{{target}}` when {{detail}} fires first. Let each of the two remove the other.',
      sibling: 'The listener for {{detail}} is removed from `{{target}}` when the work is done, and this one{{event}} stays. Remove it as well.',
      failedListen: 'When `{{target}}` cannot listen, this callback stays as a listener for \'listening\', one more with each attempt. Add it with `once` and remove it on error.',
      counterpart: 'Call `{{counterpart}}`.',
      teardown: 'Remove the listener in `{{teardown}}()`.',
      cleanup: 'Return a clean-up that removes the listener.',
    },
  },
  create(context, { includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        for (const finding of findUnremovedListeners(file, { includePotential })) {
          const { callee } = finding.node;
          const data = describe(finding, file.getText(callee));
          const repair = getListenerRepair(file, finding, 'plain');
          reportFinding(context, { ...finding, facts: { finding, file } }, {
            // The head: `process.on` without what it is given.
            loc: { start: callee.loc.start, end: callee.loc.end },
            messageId: finding.reason,
            data,
            suggest: 'edits' in repair ? [{ messageId: repair.kind, data, fix: toFix(repair.edits) }] : [],
          });
        }
      },
    };
  },
});

function describe(finding: UnremovedListener, callee: string): Record<string, string> {
  const { event, target, owner, detail } = finding;
  const isMethodName = finding.reason === 'addedInRemoval' && detail !== 'the clean-up';
  return {
    call: shorten(callee, 40),
    target: shorten(target, 40),
    event: event === '' ? '' : ` for ${event.startsWith("'") ? event : `\`${event}\``}`,
    detail: isMethodName ? `\`${detail!}\`` : (detail ?? ''),
    owner: owner?.name ?? '',
    teardown: owner?.teardown.name ?? '',
    counterpart: finding.listener ? getCounterpart(finding.listener.method) : '',
  };
}
