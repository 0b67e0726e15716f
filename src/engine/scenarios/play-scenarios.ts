import type { Bundle } from '../../definitions/bundle.ts';
import type { PlayScenarios, Scenario, ScenarioAct, Scenarios } from '../../definitions/content.ts';
import { finding, type Finding, type Path } from '../../definitions/problem.ts';
import type { Translate } from '../../texts.ts';
import { caseContext } from '../model/case-context.ts';
import { type CaseState, clockwork, type Command, type EngineEvent, type EngineResult, type Moment } from '../state/case-state.ts';
import { failedExpectations, reasonIds } from './expectations.ts';
import { CannotPlay, type Cast, playedCommand, playedMoment } from './play.ts';
import { type Model, prepare } from '../model/prepare.ts';
import { makeTaken, type Taken } from './taken.ts';
import { apply } from '../commands/transition.ts';
import { withSettings } from '../model/with-settings.ts';

/** Makes what plays the scenarios of a route for the checker: the same interpreter as that of a practice school, without a store. */
export function scenarioPlayer(t: Translate): PlayScenarios {
  return (bundle, files) => {
    const taken = makeTaken(bundle.workflow);
    const found = files.map((file) => playFile(bundle, file, taken, t));
    // Where something goes wrong, what follows was not played.
    return { files: found, route: found.flat().length > 0 ? [] : taken.missing() };
  };
}

/** The case as a scenario leaves it, and where its clock stands. */
type Scene = { model: Model; cast: Cast; today: string; state: CaseState | null; day: number; time: string };
/** Null: something in it went wrong, so that nothing can go on from it. */
type End = Scene | null;

function playFile(bundle: Bundle, file: Scenarios, taken: Taken, t: Translate): Finding[] {
  const base = prepare(bundle, t);
  const people = Object.fromEntries(Object.entries(file.people).map(([id, roles]) => [id, { id, roles, name: id }]));
  const findings: Finding[] = [];
  const ends = new Map<string, End>();
  const endOf = (id: string): End => {
    const known = ends.get(id);
    if (known !== undefined) return known;
    const scenario = file.scenarios[id];
    if (scenario === undefined) throw new Error(`No scenario "${id}".`);
    const before: End = typeof scenario.given === 'string' ? endOf(scenario.given) : { model: base, cast: { people }, today: file.today, state: null, day: 0, time: '09:00' };
    const start = before === null || scenario.settings === undefined ? before : { ...before, model: withSettings(base, { ...before.model.settings, ...scenario.settings }) };
    const played = start === null ? null : playScenario(start, scenario, ['scenarios', id], taken);
    findings.push(...played?.findings ?? []);
    const end = played === null || played.findings.length > 0 ? null : played.end;
    ends.set(id, end);
    return end;
  };
  for (const id of Object.keys(file.scenarios)) endOf(id);
  return findings;
}

function playScenario(start: Scene, { given, when, expect }: Scenario, path: Path, taken: Taken): { findings: Finding[]; end: Scene } {
  const before = Array.isArray(given) ? playActs(start, given, { path: [...path, 'given'], mayRefuse: false, taken }) : { scene: start, findings: [], events: [], last: null };
  if (before.findings.length > 0) return { findings: before.findings, end: before.scene };
  const after = playActs(before.scene, when, { path: [...path, 'when'], mayRefuse: expect.refused !== undefined, taken });
  const { scene, events, last } = after;
  if (after.findings.length > 0) return { findings: after.findings, end: scene };
  const found = failedExpectations({ ...scene, now: momentOf(scene), events, last }, expect, [...path, 'expect']);
  for (const { rule, ...place } of found.reasons) taken.rule(rule, place);
  if (scene.state !== null) taken.hints(caseContext(scene.model, scene.state, momentOf(scene), clockwork));
  return { findings: found.findings, end: scene };
}

type Acts = { scene: Scene; findings: Finding[]; events: EngineEvent[]; last: EngineResult | null };

/** Stops at the first act that goes wrong. Only the last one may be refused, and only where that is expected. */
function playActs(start: Scene, acts: ScenarioAct[], { path, mayRefuse, taken }: { path: Path; mayRefuse: boolean; taken: Taken }): Acts {
  let played: Acts = { scene: start, findings: [], events: [], last: null };
  for (const [index, act] of acts.entries()) {
    const at = [...path, index];
    const { day, time } = played.scene;
    const scene = { ...played.scene, day: act.day ?? day, time: act.time ?? time };
    if (momentOf(scene) < momentOf(played.scene)) return { ...played, findings: [finding('notInOrder', at)] };
    played = withTime({ ...played, scene }, taken);
    const step = playAct(played, act, at, taken);
    if (step.findings.length > 0) return step;
    const { last } = step;
    if (last?.ok === false && !(mayRefuse && index === acts.length - 1)) {
      return { ...step, findings: [finding('actRefused', at, { ids: reasonIds(last).join(', '), reasons: last.reasons.map(({ text }) => text).join(' ') })] };
    }
    played = step;
  }
  return played;
}

/** Does what the clock brings until now, as a server does that runs all the time. */
function withTime(played: Acts, taken: Taken): Acts {
  const { scene } = played;
  if (scene.state?.status !== 'open') return played;
  const command: Command = { type: 'passTime' };
  const result = apply(scene.model, scene.state, command, clockwork, momentOf(scene));
  taken.command(command, scene.state, result);
  return result.ok ? { ...played, scene: { ...scene, state: result.state }, events: [...played.events, ...result.events] } : played;
}

function playAct(played: Acts, { person, ...act }: ScenarioAct, path: Path, taken: Taken): Acts {
  const { scene } = played;
  const { model, cast, today, state, day, time } = scene;
  if (person === undefined) return { ...played, last: null };
  if ((act.open === undefined) !== (state !== null)) return { ...played, findings: [finding(state === null ? 'opensLate' : 'opensAgain', path)] };
  try {
    const { name: _, ...actor } = cast.people[person] ?? { id: person, roles: [], name: person };
    const command = playedCommand(model, state, { ...act, person, day, time }, { cast, today });
    const result = apply(model, state, command, actor, momentOf(scene));
    taken.command(command, state, result);
    if (!result.ok) return { ...played, last: result };
    return { ...played, scene: { ...scene, state: result.state }, events: [...played.events, ...result.events], last: result };
  } catch (error) {
    if (!(error instanceof CannotPlay)) throw error;
    return { ...played, findings: [finding(error.code, path, error.params)] };
  }
}

function momentOf({ model, today, day, time }: Scene): Moment {
  return playedMoment(model, { day, time }, today);
}
