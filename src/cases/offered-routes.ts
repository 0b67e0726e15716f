import type { Route } from './library.ts';

/**
 * Gives the routes with which a school starts new cases: those it has on, without the ones that another of them replaces.
 * So nobody has to choose between an old and a new version of one protocol; a school that wants the old one switches the new one off.
 */
export function offeredAt(routes: Route[], routesOff: string[]): Route[] {
  const idOf = ({ model }: Route): string => model.workflow.id;
  const on = routes.filter((route) => !routesOff.includes(idOf(route)));
  return on.filter((route) => replacementOf(route, on) === undefined);
}

/** Gives the route among these that takes the place of a route. */
export function replacementOf(route: Route, among: Route[]): Route | undefined {
  const { id } = route.model.workflow;
  return among.find(({ model: { workflow } }) => workflow.replaces === id && workflow.id !== id);
}
