import { activeVisits, type CaseContext } from './case-context.ts';
import { roleTitles } from './labels.ts';
import type { ExitView, ReopenView, Viewer } from './overview-types.ts';
import { isPerformer } from './performers.ts';
import type { Model, PreparedTransition } from './prepare.ts';
import { conditionReasons, obstacles } from './reasons.ts';

/** Makes what one person sees of the ways out of a step, or of the top level; with own access only those they may take. */
export function exitViews(context: CaseContext, transitions: PreparedTransition[], viewer: Viewer): ExitView[] {
  const exits = transitions.map((transition) => exitView(context, transition, viewer));
  return viewer.sees === 'full' ? exits : exits.filter(({ mayTake }) => mayTake);
}

/** Makes the ways out of every active step, in the order of entering the steps. */
export function stepExits(context: CaseContext, viewer: Viewer): ExitView[] {
  return activeVisits(context.model, context.state).flatMap(({ step }) => exitViews(context, context.model.steps.get(step)?.transitions ?? [], viewer));
}

/** Makes the ways to open a closed case again. */
export function reopenViews({ model, state }: CaseContext, viewer: Viewer): ReopenView[] {
  return model.reopenings.map(({ id, title, performers, to, definition }) => ({
    id, title, mayTake: isPerformer(performers, viewer, [state.starter]), performers: roleTitles(model, performers ?? []),
    form: definition.form ?? null, to: to.map((step) => stepWords(model, step))
  }));
}

function stepWords({ workflow }: Model, id: string): ExitView['to'][number] {
  return { id, label: workflow.steps[id]?.label ?? null, title: workflow.steps[id]?.title ?? id };
}

function exitView(context: CaseContext, transition: PreparedTransition, viewer: Viewer): ExitView {
  const { model, state } = context;
  const { definition } = transition;
  const unmet = conditionReasons(context, transition.applies);
  // Rules that read the form of this exit are asked when it is filled in.
  const reasons = unmet.length > 0 ? unmet : obstacles(context, transition, null);
  const outcome = definition.close;
  return {
    step: transition.step, id: transition.id, title: definition.title,
    status: unmet.length > 0 ? 'closed' : reasons.length > 0 ? 'refused' : 'open',
    mayTake: isPerformer(transition.performers, viewer, [state.starter]),
    performers: roleTitles(model, transition.performers ?? []),
    reasons, form: definition.form ?? null,
    to: transition.to.map((id) => stepWords(model, id)),
    close: outcome === undefined ? null : { id: outcome, title: model.workflow.outcomes[outcome]?.title ?? outcome }
  };
}
