import '../browser/process.js';
import { checkDraft } from './check-draft.js';
import type { Answers, Question, Request, Response } from './messages.js';

const QUESTIONS: { readonly [Name in Question]: (draft: Request['draft']) => Promise<Answers[Name]> } = {
  check: checkDraft,
  // Loaded when asked for: it is larger than all the rest, and most drafts have nothing to repair.
  rewrite: async (draft) => (await import('./rewrite-draft.js')).rewriteDraft(draft),
};

self.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  void answer(data).then((response) => self.postMessage(response));
});

async function answer({ id, question, draft }: Request): Promise<Response> {
  try {
    return { id, answer: await QUESTIONS[question](draft) };
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) };
  }
}
