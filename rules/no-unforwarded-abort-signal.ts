import {
  type FlawedController,
  type Node,
  type SourceFile,
  type TextEdit,
  type UnforwardedSignal,
  describeCall,
  findFlawedControllers,
  findUnforwardedSignals,
  getForwardEdits,
} from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { getFile } from './support/get-file.js';
import { getHeadLocation } from './support/get-head-location.js';
import { reportFinding } from './support/report-finding.js';
import { suggestEdits } from './support/suggest-edits.js';

type FlawId = 'missing' | 'replaced' | 'overwritten' | 'loop' | 'sleep' | 'misnamed' | 'misread' | 'idle' | 'unheard' | 'notASignal';
type SuggestionId = 'passSignal' | 'joinSignals' | 'spreadFirst' | 'checkSignal' | 'renameOption' | 'readExpected' | 'passOwnSignal';
type MessageId = FlawId | SuggestionId;

const SUGGESTIONS: Readonly<Record<UnforwardedSignal['flaw'], SuggestionId>> = {
  missing: 'passSignal',
  replaced: 'joinSignals',
  overwritten: 'spreadFirst',
  loop: 'checkSignal',
  sleep: 'passSignal',
  misnamed: 'renameOption',
  misread: 'readExpected',
};

export default createRule<MessageId>({
  name: 'no-unforwarded-abort-signal',
  // The last three are types of options that have a signal.
  triggers: ['signal', 'Signal', 'AbortController', 'RequestInit', 'AxiosRequestConfig', 'FetchOptions'],
  // The type of a parameter may have the signal without a word of it in the file.
  isWiderWithTypes: true,
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow work that an abort does not reach although the function around it has a signal',
      preset: 'recommended',
      phase: 1,
    },
    hasSuggestions: true,
    messages: {
      missing: '`{{ call }}` does not get `{{ signal }}`, so an abort does not end it. Pass the signal on.',
      replaced: '`{{ own }}` takes the place of `{{ signal }}`, so an abort by the caller is lost. Join them with `AbortSignal.any`.',
      overwritten: 'What is spread behind `signal` puts its own signal in place of the joined one. Spread it before.',
      loop: 'This loop goes on after `{{ signal }}` has aborted, since it never looks at it. Check it in each round.',
      sleep: 'This wait goes on after `{{ signal }}` has aborted. Let the signal end it.',
      misnamed: '`{{ call }}` does not know the option `{{ name }}`. Call it `{{ expected }}`.',
      misread: 'The signal is not in `{{ name }}`. Read `{{ expected }}`.',
      idle: 'Nothing can abort `{{ name }}`. Call its `abort`, or leave the controller out.',
      unheard: '`{{ name }}.abort()` ends nothing, since nobody has its signal. Pass `{{ name }}.signal` on.',
      notASignal: '`{{ name }}` is a controller, not a signal. Pass `{{ name }}.signal`.',
      passSignal: 'Pass `{{ signal }}` on.',
      joinSignals: 'Join both signals.',
      spreadFirst: 'Spread before the signal.',
      checkSignal: 'Check `{{ signal }}` in each round.',
      renameOption: 'Call the option `{{ expected }}`.',
      readExpected: 'Read `{{ expected }}`.',
      passOwnSignal: 'Pass `{{ name }}.signal`.',
    },
  },
  create(context, { includePotential }) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        for (const flaw of findUnforwardedSignals(file, { includePotential })) {
          const data = getData(file, flaw);
          reportFinding(context, { ...flaw, facts: { flaw, file } }, {
            messageId: flaw.flaw,
            data,
            loc: getLocation(flaw.node),
            suggest: suggestEdits({ messageId: SUGGESTIONS[flaw.flaw], data }, getForwardEdits(file, flaw)),
          });
        }
        for (const controller of findFlawedControllers(file)) {
          const data = { name: controller.name };
          reportFinding(context, { ...controller, facts: { controller, file } }, {
            messageId: getMessageId(controller),
            data,
            loc: getLocation(controller.node),
            suggest: suggestEdits({ messageId: 'passOwnSignal', data }, getOwnSignalEdits(controller)),
          });
        }
      },
    };
  },
});

function getData(file: SourceFile, { abortable, name, source, expected, replacement }: UnforwardedSignal): Record<string, string> {
  return {
    call: abortable ? describeCall(file, abortable.call) : '',
    signal: name ?? source?.text ?? '',
    name: name ?? '',
    expected: expected ?? '',
    own: replacement ? file.getText(replacement).replace(/\s+/g, ' ') : '',
  };
}

function getMessageId({ flaw }: FlawedController): MessageId {
  return flaw === 'as-signal' ? 'notASignal' : flaw;
}

/** { signal: controller }  →  { signal: controller.signal } */
function getOwnSignalEdits({ flaw, node }: FlawedController): TextEdit[] | undefined {
  return flaw === 'as-signal' ? [{ start: node.range[1], end: node.range[1], text: '.signal' }] : undefined;
}

/** The name of an option or of what is assigned to, the head of everything else. */
function getLocation(node: Node): Node['loc'] {
  if (node.type === 'Property') return node.key.loc;
  return node.type === 'AssignmentExpression' ? node.left.loc : getHeadLocation(node);
}
