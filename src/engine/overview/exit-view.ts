import type { CaseContext } from '../model/case-context.ts';
import { holds } from '../conditions/conditions.ts';
import { joined, roleTitles } from '../model/labels.ts';
import type { ExitView, ReopenView, Viewer } from '../model/overview-types.ts';
import { isPerformer } from '../model/performers.ts';
import type { Model, PreparedStep, PreparedTransition } from '../model/prepare.ts';
import { conditionReasons, obstacles } from '../reading/reasons.ts';
import { obstaclesOfEach, together, waysThatHold } from '../commands/take-each.ts';

/** Makes what one person sees of the ways out of a step, or of the top level; with own access only those they may take. */
export function exitViews(context: CaseContext, transitions: PreparedTransition[], viewer: Viewer): ExitView[] {
  const exits = transitions.map((transition) => exitView(context, transition, viewer));
  return viewer.sees === 'full' ? exits : exits.filter(({ mayTake }) => mayTake);
}

/** Makes the ways out of one step. Where all that hold are taken together, these are one way (semantics 6). */
export function exitsOf(context: CaseContext, step: PreparedStep, viewer: Viewer): ExitView[] {
  const ways = step.definition.decide === 'each' ? waysThatHold(context, step) : [];
  if (ways.length === 0) return exitViews(context, step.transitions, viewer);
  const whole = wholeView(context, step, ways, viewer);
  const rest = exitViews(context, step.transitions.filter((one) => !ways.includes(one)), viewer);
  return viewer.sees === 'full' || whole.mayTake ? [whole, ...rest] : rest;
}

function wholeView(context: CaseContext, step: PreparedStep, ways: PreparedTransition[], viewer: Viewer): ExitView {
  const { model, state } = context;
  const views = ways.map((way) => exitView(context, way, viewer));
  const reasons = obstaclesOfEach(context, ways);
  const performers = views.map((view) => view.performers);
  return {
    step: step.id, id: together, title: joined(model, views.map(({ title }) => title), 'and'), status: reasons.length > 0 ? 'refused' : 'open',
    mayTake: ways.every((way) => isPerformer(way.performers, viewer, [state.starter])),
    performers: performers[0]?.filter((role) => performers.every((roles) => roles.includes(role))) ?? [],
    reasons, form: null, close: views[0]?.close ?? null,
    to: views.flatMap(({ to }) => to).filter(({ id }, index, all) => all.findIndex((other) => other.id === id) === index)
  };
}

/** Makes the ways to open a closed case again. */
export function reopenViews(context: CaseContext, viewer: Viewer): ReopenView[] {
  const { model, state } = context;
  return model.reopenings.map(({ id, title, performers, applies, to, definition }) => ({
    id, title, mayTake: isPerformer(performers, viewer, [state.starter]), reasons: conditionReasons(context, applies), performers: roleTitles(model, performers ?? []),
    form: definition.form ?? null, to: to.map((step) => stepWords(model, step)), together: definition.decide === 'each'
  }));
}

function stepWords({ workflow }: Model, id: string): ExitView['to'][number] {
  return { id, label: workflow.steps[id]?.label ?? null, title: workflow.steps[id]?.title ?? id };
}

function exitView(context: CaseContext, transition: PreparedTransition, viewer: Viewer): ExitView {
  const { model, state } = context;
  const { definition } = transition;
  const isOffered = transition.applies === null || holds(transition.applies, context);
  // Rules that read the form of this exit are asked when it is filled in.
  const reasons = isOffered ? obstacles(context, transition, null) : context.explains ? conditionReasons(context, transition.applies) : [];
  const outcome = definition.close;
  return {
    step: transition.step, id: transition.id, title: definition.title,
    status: !isOffered ? 'closed' : reasons.length > 0 ? 'refused' : 'open',
    mayTake: isPerformer(transition.performers, viewer, [state.starter]),
    performers: roleTitles(model, transition.performers ?? []),
    reasons, form: definition.form ?? null,
    to: transition.to.map((id) => stepWords(model, id)),
    close: outcome === undefined ? null : { id: outcome, title: model.workflow.outcomes[outcome]?.title ?? outcome }
  };
}
