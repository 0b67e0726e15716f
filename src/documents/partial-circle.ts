import { parseTemplate, partialNameOf, programsOf, statementsOf, type Program, type Report } from './template-ast.ts';

/** Gives the names of partials that call each other round and round, seen from a template; null when none do. */
export function circleFrom(program: Program, partials: { readonly [name: string]: string }): string[] | null {
  const silent: Report = () => undefined;
  const calls = (name: string): string[] => {
    const source = Object.hasOwn(partials, name) ? partials[name] : undefined;
    // Most call none, and reading a template is dear.
    const inside = source === undefined || !/\{\{~?#?>/.test(source) ? null : parseTemplate(source, silent);
    return inside === null ? [] : partialsCalled(inside);
  };
  const done = new Set<string>();
  const visit = (name: string, path: string[]): string[] | null => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (done.has(name)) return null;
    done.add(name);
    for (const called of calls(name)) {
      const circle = visit(called, [...path, name]);
      if (circle !== null) return circle;
    }
    return null;
  };
  for (const name of partialsCalled(program)) {
    const circle = visit(name, []);
    if (circle !== null) return circle;
  }
  return null;
}

function partialsCalled(program: Program): string[] {
  const names = statementsOf(program).flatMap((statement) => {
    if (statement.type === 'PartialStatement') return [partialNameOf(statement)];
    if (statement.type !== 'BlockStatement') return [];
    const { body, inverse } = programsOf(statement);
    return [body, inverse].flatMap((inside) => (inside === null ? [] : partialsCalled(inside)));
  });
  return [...new Set(names.filter((name) => name !== null))];
}
