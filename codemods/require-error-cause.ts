import { type SourceFile, ts } from 'ts-morph';
import {
  type CausePlace,
  type LostCause,
  type MaskedError,
  type PartialCopy,
  type TextEdit,
  addProperty,
  getCauseEdits,
  getCausePlace,
  getGuardEdit,
} from 'watertight-analysis';
import { describeFailure } from './support/describe-failure.js';
import { findCauseParameter } from './support/find-cause-parameter.js';
import type { Codemod, CodemodInput, Site, SiteOutcome } from './types.js';

/**
 * Hands caught errors on as the cause of those that replace them: `{ cause: error }` for the errors of the language and
 * for classes whose constructor takes one, `wrapWithContext(error, CODE, { … })` as the cause where the target asks for
 * context. Puts clean-up that hides an error into a `try` of its own, and adds `cause` to errors that are written out.
 * Classes that have no place for a cause are left alone.
 */
export const requireErrorCause: Codemod = {
  name: 'require-error-cause',
  transform: (input) => input.sites.map((site) => repairSite(site, input)),
};

function repairSite(site: Site, input: CodemodInput): SiteOutcome {
  switch (site.messageId) {
    case 'lost':
    case 'textOnly':
    case 'unbound':
      return addCause(site, site.finding.facts as LostCause, input);
    case 'masked': {
      const edit = getGuardEdit(input.text, site.finding.facts as MaskedError);
      if (edit) return { status: 'changed', site, edits: [edit] };
      return { status: 'skipped', site, reason: 'unsupported-shape', detail: 'The clean-up is not a statement of its own.' };
    }
    case 'partialCopy': {
      const { node, errorText } = site.finding.facts as PartialCopy;
      return { status: 'changed', site, edits: addProperty(input.text, node, `cause: ${errorText}.cause`) };
    }
    case 'textThrown':
      return { status: 'skipped', site, reason: 'would-change-behaviour', detail: 'Whoever catches the text may compare it.' };
    default:
      return { status: 'skipped', site, reason: 'unsupported-shape', detail: 'Which error should leave, only the author knows.' };
  }
}

function addCause(site: Site, lost: LostCause, { sourceFile, text, target }: CodemodInput): SiteOutcome {
  const { causeName, errorName, binding, node } = lost;
  if (causeName === undefined) {
    return { status: 'skipped', site, reason: 'unsupported-shape', detail: 'No name holds all of the caught error here.' };
  }
  const place = lost.place ?? findPlaceByTypes(sourceFile, lost);
  if (!place) {
    const isKnown = lost.errorClass?.kind === 'local';
    const detail = `\`${errorName}\` ${isKnown ? 'has' : 'is not known to have'} ${isKnown ? 'no' : 'a'} place for a cause: let its constructor take \`options\` and pass them to \`super\`.`;
    return { status: 'skipped', site, reason: isKnown ? 'unsupported-shape' : 'needs-types', detail };
  }
  const write = (cause: string): TextEdit[] => [...binding, ...getCauseEdits(text, node, place, cause)];
  if (target.errorStyle !== 'context') return { status: 'changed', site, edits: write(causeName) };
  const { code, context } = describeFailure(findConstruct(sourceFile, lost)!, causeName);
  const wrapped = `wrapWithContext(${[causeName, `'${code}'`, ...(context === '' ? [] : [`{ ${context} }`])].join(', ')})`;
  return { status: 'changed', site, edits: write(wrapped), imports: [{ module: target.runtimeModule, name: 'wrapWithContext' }] };
}

/** Asks the types where the class is not in the file: whether a constructor has a parameter for a cause. */
function findPlaceByTypes(sourceFile: SourceFile, lost: LostCause): CausePlace | undefined {
  if (lost.errorClass?.kind !== 'named' || lost.node.type !== 'NewExpression') return undefined;
  const construct = findConstruct(sourceFile, lost);
  const checker = sourceFile.getProject().getTypeChecker().compilerObject;
  const parameter = construct && ts.isNewExpression(construct) ? findCauseParameter(construct, checker) : undefined;
  return parameter && getCausePlace(lost.node, parameter, () => false);
}

function findConstruct(sourceFile: SourceFile, { node }: LostCause): ts.NewExpression | ts.CallExpression | undefined {
  const [start, end] = node.range;
  const file = sourceFile.compilerNode;
  const find = (current: ts.Node): ts.NewExpression | ts.CallExpression | undefined => {
    if (current.pos > start || current.end < end) return undefined;
    const isConstruct = ts.isNewExpression(current) || ts.isCallExpression(current);
    return isConstruct && current.getStart(file) === start && current.end === end ? current : ts.forEachChild(current, find);
  };
  return find(file);
}
