import { type LocalRaceRepair, type Node, type Race, type SourceFile, findRaces, getLocalRaceRepair, shorten } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { getFile } from './support/get-file.js';
import { getHeadLocation } from './support/get-head-location.js';
import { reportFinding } from './support/report-finding.js';
import { selectWanted } from './support/select-wanted.js';
import { toFix } from './support/to-fix.js';

type MessageId = 'checked' | 'updated' | 'emptied' | 'fileAccess' | 'fileCreation' | 'fileUpdate' | LocalRaceRepair['kind'];

export default createRule<MessageId>({
  name: 'no-racy-update',
  triggers: ['await', '.then(', '(err'],
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow acting after an `await` on shared state that was read before it',
      preset: 'recommended',
      phase: 2,
    },
    hasSuggestions: true,
    messages: {
      checked:
        '`{{ subject }}` is checked on line {{ read }}, but {{ written }} only after the {{ pause }} on line {{ awaited }}: a second call passes the check in between. Store the promise before it, or take a lock.',
      updated:
        '`{{ subject }}` is read on line {{ read }} and {{ written }} after the {{ pause }} on line {{ awaited }}: what another call writes in between is lost. Read it after it, or take a lock.',
      emptied:
        '`{{ subject }}` is read on line {{ read }} and emptied here after the {{ pause }} on line {{ awaited }}: what other calls add in between is lost. Take it out before it.',
      fileAccess:
        'What `access` says here is old on line {{ act }}: the file of `{{ subject }}` can be gone or replaced in between. Use the file at once, and handle the error.',
      fileCreation:
        'Calls that run side by side all find `{{ subject }}` missing here, and all make it on line {{ act }}. Share the promise of the work, or take a lock.',
      fileUpdate:
        'The file of `{{ subject }}` is read on line {{ read }} and written back here: what another call writes in between is lost. Take a lock around both.',
      awaitFirst: 'Await first, then read `{{ subject }}` and write it.',
      readAgain: 'Read `{{ subject }}` again where it is written.',
      setFirst: 'Set `{{ subject }}` before anything is awaited.',
      dropAccess: 'Leave out the question, whose answer is old at once.',
    },
  },
  create(context, { includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        for (const race of selectWanted(findRaces(file), includePotential)) {
          const data = describe(race);
          const repair = getLocalRaceRepair(race, file);
          reportFinding(context, { ...race, facts: { race, file } satisfies RacyUpdateFacts }, {
            loc: getLocation(race),
            messageId: getMessageId(race),
            data,
            suggest: repair ? [{ messageId: repair.kind, data, fix: toFix(repair.edits) }] : [],
          });
        }
      },
    };
  },
});

/** What the codemod of this rule gets with each finding. */
export interface RacyUpdateFacts {
  readonly race: Race;
  readonly file: SourceFile;
}

function getMessageId({ kind, write }: Race): MessageId {
  switch (kind) {
    case 'check':
      return write?.effect === 'empty' ? 'emptied' : 'checked';
    case 'update':
      return 'updated';
    case 'reset':
      return 'emptied';
    case 'file-access':
      return 'fileAccess';
    case 'file-creation':
      return 'fileCreation';
    case 'file-update':
      return 'fileUpdate';
  }
}

function describe({ subject, read, awaited, act, write }: Race): Record<string, string> {
  const isElsewhere = write !== undefined && write.node !== act;
  return {
    subject: shorten(subject),
    read: String(read.loc.start.line),
    awaited: String(awaited.loc.start.line),
    act: String(act.loc.start.line),
    written: isElsewhere ? `written on line ${write.node.loc.start.line}` : 'written',
    pause: awaited.type === 'CallExpression' ? '`then`' : '`await`',
  };
}

/** Lines between a check and its write up to which both are marked. */
const NEAR = 3;

/** What acts on the old answer, together with the question where that stands right above; of a file the question. */
function getLocation({ kind, read, act }: Race): Node['loc'] {
  if (kind === 'file-access' || kind === 'file-creation') return getHeadLocation(read);
  const head = getHead(act);
  const distance = head.start.line - read.loc.start.line;
  return kind === 'check' && distance > 0 && distance <= NEAR ? { start: read.loc.start, end: head.end } : head;
}

function getHead(act: Node): Node['loc'] {
  return act.type === 'AssignmentExpression' ? act.left.loc : getHeadLocation(act);
}
