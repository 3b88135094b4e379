import type { Rule, Verdict, VerdictState } from '../alerts/index.ts';
import { type Column, instant, type Report, time, type Value } from '../model/index.ts';

/** One dump, and what became of every rule on it. */
export type BacktestedRun = { readonly name: string; readonly verdicts: readonly Verdict[] };

/** How often each rule would have fired: in how many of the runs, and how many times in all. */
export function backtestReport(runs: readonly BacktestedRun[], notes: readonly string[]): Report {
  const rules = new Map<Rule, { readonly group: string; readonly states: Map<string, Verdict[]> }>();
  for (const { name, verdicts } of runs) {
    for (const verdict of verdicts) {
      const known = rules.get(verdict.rule) ?? { group: verdict.group.name, states: new Map() };
      rules.set(verdict.rule, known);
      known.states.set(name, [...(known.states.get(name) ?? []), verdict]);
    }
  }
  const rows = [...rules].map(([rule, { group, states }]) => rowOf(rule, group, states, runs.length));
  return {
    command: 'alerts backtest',
    body: { rules: rows, summary: { runs: runs.length, rules: rows.length } },
    table: { rows: 'rules', columns: COLUMNS },
    narrow: { columns: NARROW, around: { above: [], below: [] } },
    notes,
  };
}

const COLUMNS: readonly Column[] = [
  { path: ['name'], name: 'name', label: 'alert', show: 'text' },
  { path: ['severity'], name: 'severity', label: 'severity', show: 'text' },
  { path: ['firing'], name: 'firing', label: 'firing in', show: 'count' },
  { path: ['share'], name: 'share', label: 'of runs', show: 'share' },
  { path: ['times_fired'], name: 'times_fired', label: 'times', show: 'count' },
  { path: ['pending'], name: 'pending', label: 'pending', show: 'count' },
  { path: ['no_data'], name: 'no_data', label: 'no data', show: 'count' },
  { path: ['error'], name: 'error', label: 'failed', show: 'count' },
  { path: ['inactive'], name: 'inactive', label: 'inactive', show: 'count' },
];

/** The least needed first. */
const DROPPED_WHERE_NARROW = ['inactive', 'pending', 'severity', 'no_data', 'times_fired', 'error'];

const NARROW: readonly Column[] = COLUMNS.map((column) => {
  const index = DROPPED_WHERE_NARROW.indexOf(column.name);
  return index < 0 ? column : { ...column, droppable: DROPPED_WHERE_NARROW.length - index };
});

/** What a run comes to where several alerts of a rule differ. */
const WORST: readonly VerdictState[] = ['firing', 'error', 'pending', 'no_data', 'inactive'];

function rowOf(
  rule: Rule,
  group: string,
  states: ReadonlyMap<string, readonly Verdict[]>,
  runs: number,
): { readonly [key: string]: Value } {
  const told = [...states].map(([name, verdicts]) => ({
    name,
    state: WORST.find((state) => verdicts.some((verdict) => verdict.state === state))!,
    times_fired: verdicts.reduce((sum, { fired }) => sum + fired, 0),
    fired_at: firstOf(verdicts),
  }));
  const count = (state: VerdictState): number => told.filter((run) => run.state === state).length;
  return {
    group,
    name: rule.name,
    severity: rule.labels.get('severity') ?? null,
    runs,
    firing: count('firing'),
    share: runs === 0 ? 0 : count('firing') / runs,
    times_fired: told.reduce((sum, run) => sum + run.times_fired, 0),
    pending: count('pending'),
    no_data: count('no_data'),
    error: count('error'),
    inactive: count('inactive'),
    files: told.map(({ name, state, times_fired, fired_at }) => ({
      name,
      state,
      times_fired,
      fired_at: time(fired_at === undefined ? undefined : instant(BigInt(fired_at) * 1_000_000n)),
    })),
  };
}

function firstOf(verdicts: readonly Verdict[]): number | undefined {
  const times = verdicts.flatMap(({ firedAt }) => (firedAt === undefined ? [] : [firedAt]));
  return times.length === 0 ? undefined : Math.min(...times);
}
