import type { Labels } from '../../model/index.ts';
import type { Verdict } from '../check/verdict.ts';
import { fingerprintOf } from './fingerprint.ts';

/** What severities are called everywhere; an alert that has none, or one of its own, is an error. */
export type Level = 'critical' | 'error' | 'warning' | 'info';

/** An alert that fires, as it is handed over. Times are integer milliseconds. */
export type FiringAlert = {
  readonly name: string;
  readonly group: string;
  readonly level: Level;
  /** With the name of the alert. */
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAt: number;
  /** The worst it was. */
  readonly value: number | undefined;
  readonly expr: string;
  readonly file: string;
  readonly line: number;
  /** Ids, what moved it most first; there may be more. */
  readonly traces: readonly string[];
  readonly moreTraces: number;
  /** The same for the same labels, as Alertmanager counts it. */
  readonly fingerprint: string;
};

const LEVELS: readonly Level[] = ['critical', 'error', 'warning', 'info'];

/** The firing ones, the worst first, otherwise in their order. */
export function firingOf(
  verdicts: readonly Verdict[],
  levelOf: (severity: string | undefined) => Level,
): readonly FiringAlert[] {
  return verdicts
    .filter(({ state }) => state === 'firing')
    .map((verdict) => ({
      name: verdict.rule.name,
      group: verdict.group.name,
      level: levelOf(verdict.labels.get('severity')),
      labels: verdict.labels,
      annotations: verdict.annotations,
      startsAt: verdict.firedAt!,
      value: verdict.value,
      expr: verdict.rule.text.trim(),
      file: verdict.rule.place.file,
      line: verdict.rule.place.line,
      traces: verdict.traces.map(({ traceId }) => traceId),
      moreTraces: verdict.moreTraces,
      fingerprint: fingerprintOf(verdict.labels),
    }))
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
}

/** What a person reads first: the summary of the rule, else its name and what tells it apart. */
export function titleOf({ name, labels, annotations }: FiringAlert): string {
  const said = annotations.get('summary') ?? annotations.get('title') ?? annotations.get('description') ?? '';
  if (said.trim() !== '') return said.trim();
  const own = [...labels].filter(([key]) => key !== 'alertname' && key !== 'severity');
  return own.length === 0 ? name : `${name} (${own.map(([key, value]) => `${key}=${value}`).join(', ')})`;
}

/** Which traces, in a line; empty where none is known. */
export function tracesText({ traces, moreTraces }: FiringAlert, most: number): string {
  const shown = traces.slice(0, most);
  const more = traces.length - shown.length + moreTraces;
  return shown.join(', ') + (more > 0 && shown.length > 0 ? `, and ${more} more` : '');
}

/** `fromEntries` makes own keys of all names, `__proto__` too. */
export const sortedTexts = (labels: Labels): Record<string, string> =>
  Object.fromEntries([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));

export const isoTime = (at: number): string => new Date(at).toISOString();

/** No longer than `most` characters, with an ellipsis where something is left out. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  // Half of a surrogate pair is no character.
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
