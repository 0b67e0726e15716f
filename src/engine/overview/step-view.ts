import type { CaseContext } from '../model/case-context.ts';
import type { Visit } from '../state/case-state.ts';
import { latestVisit, stepStatus } from '../model/visits.ts';
import type { StepView, Viewer } from '../model/overview-types.ts';
import type { PreparedStep } from '../model/prepare.ts';

/** Makes every step of the route, in file order: where it stands, since when, and where it leads. With own access nobody is named. */
export function stepViews(context: CaseContext, viewer: Viewer): StepView[] {
  return [...context.model.steps.values()].map((step) => {
    const view = stepView(context, step);
    return viewer.sees === 'full' || view.by === viewer.id ? view : { ...view, by: null };
  });
}

function stepView({ model, state }: CaseContext, step: PreparedStep): StepView {
  const { id, definition, transitions } = step;
  const { label, title, shortTitle, text } = definition;
  const visits = state.visits.filter((visit) => visit.step === id);
  const base = {
    id, label: label ?? null, title, shortTitle: shortTitle ?? title, text: text ?? null,
    status: stepStatus(model, state, id), visits: visits.length,
    leadsTo: [...new Set(transitions.flatMap(({ to }) => to))], closes: transitions.some((transition) => transition.definition.close !== undefined),
    wentTo: wentTo({ model, state }, step, visits),
    closed: state.status === 'closed' && visits.at(-1)?.endedAt === state.closedAt
  };
  const skipped = state.skipped[id];
  if (base.status === 'skipped' && skipped !== undefined) return { ...base, ...skipped };
  const visit = latestVisit(state, id);
  return { ...base, at: visit?.endedAt ?? visit?.enteredAt ?? null, by: visit?.endedBy ?? null, reason: null };
}

/** By the way or event that ended a visit; and by a way that stays, to what was entered later than this step. */
function wentTo({ model, state }: Pick<CaseContext, 'model' | 'state'>, { transitions }: PreparedStep, visits: Visit[]): string[] {
  const ways = visits.flatMap(({ endedVia }) => (endedVia ?? '').split(' '));
  const left = transitions.filter(({ id }) => ways.includes(id)).flatMap(({ to }) => to);
  const moved = ways.flatMap((way) => model.workflow.events?.[way]?.to ?? []);
  const since = visits[0]?.enteredAt;
  const beside = transitions.filter(({ definition }) => definition.stay === true).flatMap(({ to }) => to)
    .filter((target) => since !== undefined && (latestVisit(state, target)?.enteredAt ?? since) > since);
  return [...new Set([...left, ...moved, ...beside])];
}
