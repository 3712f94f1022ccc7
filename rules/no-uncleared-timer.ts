import { type UnclearedTimer, findUnclearedTimers, getEnclosingRoot, getTimerEdits, isEffect } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { describeExit } from './support/describe-exit.js';
import { getFile } from './support/get-file.js';
import { getHeadLocation } from './support/get-head-location.js';
import { reportFinding } from './support/report-finding.js';
import { suggestEdits } from './support/suggest-edits.js';

type MessageId = 'dropped' | 'unused' | 'deadline' | 'onPath' | 'onRejection' | 'onSettlement' | 'inClass' | 'clearTimer' | 'unref';

export default createRule<MessageId>({
  name: 'no-uncleared-timer',
  triggers: ['setInterval', 'setTimeout'],
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow timers that stay armed when the work they belong to has ended',
      preset: 'recommended',
      phase: 1,
    },
    hasSuggestions: true,
    messages: {
      dropped: 'Nothing can clear this interval: its handle is dropped. Keep it, and clear it when the work ends.',
      unused: 'Interval `{{ timer }}` is never cleared. Clear it when the work ends.',
      deadline: '`{{ effect }}` is still to come when the work has ended, since nothing clears this timer. Clear it in `finally`.',
      onPath: 'Timer `{{ timer }}` is still armed when {{ exit }}. Clear it in `finally`.',
      onRejection: 'Timer `{{ timer }}` is still armed when the promise rejects. Clear it in `finally`.',
      onSettlement: 'Timer `{{ timer }}` is still armed when line {{ line }} settles the promise. Clear it there too.',
      inClass: 'Nothing in the class clears `{{ timer }}`. Clear it in a method that ends its work.',
      clearTimer: 'Clear the timer when the work has ended.',
      unref: 'Do not let the interval keep the process alive.',
    },
  },
  create(context, { includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        for (const timer of findUnclearedTimers(file, { includePotential })) {
          reportFinding(context, { ...timer, facts: { timer, file } }, {
            ...describe(timer),
            loc: getHeadLocation(timer.node),
            suggest: suggestEdits({ messageId: getSuggestionId(timer) }, getTimerEdits(file, timer)),
          });
        }
      },
    };
  },
});

/** An interval without a handle cannot be cleared by an edit here, save in an effect, whose end is known. */
function getSuggestionId({ loss, node }: UnclearedTimer): 'clearTimer' | 'unref' {
  return loss === 'unclearable' && !isEffect(getEnclosingRoot(node)) ? 'unref' : 'clearTimer';
}

function describe(finding: UnclearedTimer): { messageId: MessageId; data: Record<string, string> } {
  const { loss, holder, deadline, exit } = finding;
  const timer = holder.kind === 'variable' ? holder.variable.name : holder.kind === 'field' ? `this.${holder.name}` : '';
  switch (loss) {
    case 'unclearable':
      return { messageId: holder.kind === 'variable' ? 'unused' : 'dropped', data: { timer } };
    case 'deadline':
      return { messageId: 'deadline', data: { effect: deadline!.text } };
    case 'path':
      return { messageId: 'onPath', data: { timer, exit: describeExit({ exit: exit! }) } };
    case 'rejection':
      return { messageId: 'onRejection', data: { timer } };
    case 'settled':
      return { messageId: 'onSettlement', data: { timer, line: String(exit!.node.loc.start.line) } };
    case 'field':
      return { messageId: 'inClass', data: { timer } };
  }
}
