import { type AbandonedRace, findAbandonedRaces, getRaceEdits } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { describeExit } from './support/describe-exit.js';
import { getFile } from './support/get-file.js';
import { getHeadLocation } from './support/get-head-location.js';
import { reportFinding } from './support/report-finding.js';
import { suggestEdits } from './support/suggest-edits.js';

type MessageId = 'neverCleared' | 'clearedWhenFulfilled' | 'clearedOnPath' | 'clearTimer';

export default createRule<MessageId>({
  name: 'no-abandoned-race',
  triggers: ['race'],
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow races between work and a timer that leave the timer armed when the work settles first',
      preset: 'recommended',
      phase: 1,
    },
    hasSuggestions: true,
    messages: {
      neverCleared: 'The timer of this `Promise.race` stays armed when the work settles first. Clear it in `finally`.',
      clearedWhenFulfilled: 'The timer of this `Promise.race` is cleared when the race fulfils, and stays armed when it rejects. Clear it in `finally`.',
      clearedOnPath: 'The timer of this `Promise.race` stays armed when {{ exit }}. Clear it in `finally`.',
      clearTimer: 'Clear the timer when the race is over.',
    },
  },
  create(context, { includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        for (const race of findAbandonedRaces(file, { includePotential })) {
          reportFinding(context, { ...race, facts: { race, file } }, {
            ...describe(race),
            loc: getHeadLocation(race.node),
            suggest: suggestEdits({ messageId: 'clearTimer' }, getRaceEdits(file, race)),
          });
        }
      },
    };
  },
});

function describe({ loss, exit }: AbandonedRace): { messageId: MessageId; data: Record<string, string> } {
  if (loss === 'never') return { messageId: 'neverCleared', data: {} };
  if (loss === 'rejection') return { messageId: 'clearedWhenFulfilled', data: {} };
  return { messageId: 'clearedOnPath', data: { exit: describeExit({ exit: exit! }) } };
}
