import { type ShadowKind, findShadowedVariables, getShadowRepair } from 'watertight-analysis';
import { createRule } from './support/create-rule.js';
import { getFile } from './support/get-file.js';
import { reportFinding } from './support/report-finding.js';
import { toFix } from './support/to-fix.js';

type MessageId = ShadowKind | 'assign' | 'lookUp' | 'rename' | 'removeDeclaration' | 'removeParameter';

export default createRule<MessageId>({
  name: 'no-shadowed-cors-variable',
  triggers: ['Access-Control-', 'access-control-', 'ACCESS-CONTROL-', 'cors', 'Cors', 'CORS', 'rigin'],
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow inner declarations that hide a variable on which a CORS header or decision depends',
      preset: 'recommended',
      phase: 2,
    },
    hasSuggestions: true,
    isAlwaysCertain: true,
    messages: {
      lostValue: '`{{name}}` is declared anew here, so the outer `{{name}}`, which {{use}} later, never gets this value. Assign to the outer one.',
      neverSet: 'The outer `{{name}}`, which {{use}} later, stays {{value}}, since this inner `{{name}}` hides it. Use another name here, or assign to the outer one.',
      selfCompared: '`{{name}}` hides the outer `{{name}}`, so `{{comparison}}` compares it with itself and is the same for every origin. Rename the inner one.',
      listedEntry: '`{{name}}` hides the origin of the request, so `{{comparison}}` looks up an entry in its own list, which is always found. Rename the inner one.',
      unaskedEntry: '`{{name}}` hides the origin of the request, which nothing looks at: every request gets an entry of the list. Rename the inner one and compare the two.',
      emptyList: '`{{name}}` is {{value}} here and hides the configured `{{name}}`, so no origin of the configuration is let in. Remove the inner declaration.',
      defaultUsed: 'No caller passes `{{name}}`, so it is always {{value}} and hides the configured `{{name}}`. Remove the parameter or pass the configuration.',
      readsItself: '`{{name}}` reads itself here, not the outer `{{name}}` that it hides: it {{consequence}}. Rename the inner one, or assign to the outer one.',
      hoisted: 'This `var {{name}}` hides the outer `{{name}}` in the whole function, so it is still undefined where it is read before this line. Rename the inner one.',
      functionName: 'The name of this function hides the outer `{{name}}`, so the function itself is used for the value. Rename the function.',
      assign: 'Assign to the outer `{{name}}`.',
      lookUp: 'Look up the origin of the request.',
      rename: 'Rename the inner `{{name}}` to `{{newName}}`.',
      removeDeclaration: 'Remove the inner `{{name}}`.',
      removeParameter: 'Remove the parameter `{{name}}`.',
    },
  },
  create(context) {
    return {
      'Program:exit'() {
        const file = getFile(context);
        for (const finding of findShadowedVariables(file)) {
          const repair = getShadowRepair(file, finding);
          const data = { ...finding.data };
          reportFinding(
            context,
            { ...finding, facts: { repair } },
            {
              node: finding.node,
              messageId: finding.kind,
              data,
              suggest:
                'edits' in repair
                  ? [{ messageId: repair.kind, data: { ...data, newName: repair.kind === 'rename' ? repair.newName : data.name! }, fix: toFix(repair.edits) }]
                  : [],
            },
          );
        }
      },
    };
  },
});
