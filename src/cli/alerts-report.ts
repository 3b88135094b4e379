import { isFailure, type Rule, type Verdict } from '../alerts/index.ts';
import {
  type CheckView,
  type Column,
  instant,
  type Labels,
  type Report,
  type Time,
  time,
  type Value,
} from '../model/index.ts';
import { formatDuration } from '../promql/index.ts';
import { formatShare } from '../render/format.ts';
import { levelOf } from './alert-severity.ts';
import { numberText } from './query-report.ts';
import { timeText } from './time-text.ts';

export type AlertsReportOptions = {
  /** The first scrape that has seen all of the data, in milliseconds; undefined where there is none. */
  readonly dataEnd: number | undefined;
  /** Rules whose `for` was left out. */
  readonly shortened: ReadonlySet<Rule>;
  readonly fails: (severity: string | undefined) => boolean;
  readonly notes: readonly string[];
  /** The time zone of messages. */
  readonly zone: string;
};

/** What became of every rule, the firing ones first. */
export function alertsReport(verdicts: readonly Verdict[], options: AlertsReportOptions): Report {
  const sorted = [...verdicts].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
  const count = (state: Verdict['state']): number => verdicts.filter((one) => one.state === state).length;
  const rules = sorted.map((verdict) => viewOf(verdict, options));
  const [firing, pending, noData, errors] = (['firing', 'pending', 'no_data', 'error'] as const).map(count);
  const counts = `${firing} firing, ${pending} pending, ${noData} without data, ${errors} failed, ${count('inactive')} inactive`;
  return {
    command: 'alerts check',
    body: {
      rules,
      summary: {
        firing: firing!,
        pending: pending!,
        no_data: noData!,
        error: errors!,
        inactive: count('inactive'),
      },
    },
    table: { rows: 'rules', columns: COLUMNS, items: sorted.map((verdict) => rowOf(verdict, options)) },
    around: {
      above: [],
      below: [...behindFiring(sorted, (verdict) => blockOf(verdict)), '', counts],
    },
    narrow: {
      columns: COLUMNS.filter(({ name }) => name !== 'message'),
      around: {
        above: [],
        below: [
          ...behindFiring(sorted, (verdict) => blockOf(verdict, messageOf(verdict, options))),
          ...sorted
            .filter(({ state }) => state !== 'firing')
            .flatMap((verdict) => reasonOf(verdict, messageOf(verdict, options))),
          '',
          counts,
        ],
      },
    },
    checks: {
      suite: 'agentobs alerts check',
      checks: sorted.map((verdict) => checkOf(verdict, options)),
    },
    notes: options.notes,
  };
}

const ORDER: readonly Verdict['state'][] = ['firing', 'error', 'pending', 'no_data', 'inactive'];

const COLUMNS: readonly Column[] = [
  { path: ['state'], name: 'state', label: 'state', show: 'text' },
  { path: ['severity'], name: 'severity', label: 'severity', show: 'text', droppable: 2 },
  { path: ['name'], name: 'name', label: 'alert', show: 'text' },
  { path: ['labels_text'], name: 'labels', label: 'labels', show: 'text', droppable: 3 },
  { path: ['value'], name: 'value', label: 'value', show: 'number', droppable: 4 },
  { path: ['active_at'], name: 'active_at', label: 'active', show: 'time', only: 'csv' },
  { path: ['fired_at'], name: 'fired_at', label: 'fired', show: 'time', only: 'csv' },
  { path: ['resolved_at'], name: 'resolved_at', label: 'resolved', show: 'time', only: 'csv' },
  { path: ['traces_text'], name: 'traces', label: 'traces', show: 'text', only: 'csv' },
  { path: ['message'], name: 'message', label: 'why', show: 'text' },
];

const timeOf = (at: number | undefined): Time =>
  time(at === undefined ? undefined : instant(BigInt(Math.round(at)) * 1_000_000n));

const severityOf = ({ labels }: Verdict): string | undefined => labels.get('severity');

/** Below the table: what a person looks at next. */
const ALERTS_SHOWN = 10;
const TRACES_SHOWN = 3;
const SPANS_SHOWN = 3;

/** The blocks of the first alerts that fire, and how many others there are. */
function behindFiring(
  verdicts: readonly Verdict[],
  block: (verdict: Verdict) => readonly string[],
): readonly string[] {
  const blocks = verdicts.filter(({ state }) => state === 'firing').map(block);
  const told = blocks.filter((lines) => lines.length > 0);
  const more = told.length - ALERTS_SHOWN;
  const rest = more === 1 ? 'alert' : 'alerts';
  return [
    ...told.slice(0, ALERTS_SHOWN).flat(),
    ...(more > 0 ? ['', `… and ${more} more ${rest} (--format json has all)`] : []),
  ];
}

/** Why an alert fires where the table has no room for it, its annotations, and the traces behind it with their spans. */
function blockOf(verdict: Verdict, why = ''): readonly string[] {
  const { annotations, traces, moreTraces } = verdict;
  if (traces.length === 0 && annotations.size === 0 && why === '') return [];
  const more = traces.length - TRACES_SHOWN + moreTraces;
  return [
    '',
    nameOf(verdict),
    ...(why === '' ? [] : [`  ${why}`]),
    ...[...annotations].map(([name, text]) => `  ${name}: ${text.trim().replaceAll('\n', ' ')}`),
    ...traces.slice(0, TRACES_SHOWN).map(({ traceId, moved, spans }) => {
      const ids = spans.slice(0, SPANS_SHOWN).map(({ spanId }) => spanId);
      const rest = spans.length > ids.length ? ', …' : '';
      return `  trace ${traceId}  ${formatShare(moved)}  ${spans.length === 1 ? 'span' : 'spans'} ${ids.join(', ')}${rest}`;
    }),
    ...(more > 0 ? [`  and ${more} more ${more === 1 ? 'trace' : 'traces'}`] : []),
  ];
}

/** Why a rule does not fire, where the table has no room for it. */
const reasonOf = (verdict: Verdict, why: string): readonly string[] =>
  why === '' ? [] : ['', `${nameOf(verdict)}: ${verdict.state}`, `  ${why}`];

const nameOf = (verdict: Verdict): string => `${verdict.rule.name} ${shownLabels(verdict)}`.trimEnd();

function shownLabels({ labels }: Verdict): string {
  return [...labels]
    .filter(([name]) => name !== 'alertname' && name !== 'severity')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

/** `fromEntries` makes own keys of all names, `__proto__` too. */
const textsOf = (labels: Labels): { readonly [name: string]: string } =>
  Object.fromEntries([...labels].sort(([a], [b]) => (a < b ? -1 : 1)));

function viewOf(verdict: Verdict, options: AlertsReportOptions): { readonly [key: string]: Value } {
  const { group, rule, state, labels, annotations, value, traces } = verdict;
  return {
    group: group.name,
    name: rule.name,
    state,
    severity: severityOf(verdict) ?? null,
    labels: textsOf(labels),
    annotations: textsOf(annotations),
    value: value === undefined || !Number.isFinite(value) ? null : value,
    active_at: timeOf(verdict.activeAt),
    fired_at: timeOf(verdict.firedAt),
    peak_at: timeOf(verdict.peakAt),
    resolved_at: timeOf(verdict.resolvedAt),
    times_fired: verdict.fired,
    traces: traces.map(({ traceId, moved, spans }) => ({
      trace_id: traceId,
      share: moved,
      spans: spans.map((span) => ({ span_id: span.spanId, share: span.moved })),
    })),
    more_traces: verdict.moreTraces,
    message: messageOf(verdict, options),
    expr: rule.text.trim(),
    file: rule.place.file,
    line: rule.place.line,
  };
}

function rowOf(verdict: Verdict, options: AlertsReportOptions): Value {
  return {
    ...viewOf(verdict, options),
    labels_text: shownLabels(verdict),
    traces_text: verdict.traces.map(({ traceId }) => traceId).join(' '),
  };
}

function checkOf(verdict: Verdict, options: AlertsReportOptions): CheckView {
  const { group, rule, state, annotations, failures } = verdict;
  const severity = severityOf(verdict);
  const isFailed = failures.some(isFailure) || (state === 'firing' && options.fails(severity));
  const ok = isFailed ? false : state === 'inactive' || state === 'firing' ? true : null;
  const labels = Object.entries(textsOf(verdict.labels)).filter(([name]) => name !== 'alertname');
  const of =
    labels.length === 0 ? '' : ` {${labels.map(([name, value]) => `${name}="${value}"`).join(', ')}}`;
  return {
    id: group.name,
    title: rule.name + of,
    severity: levelOf(severity),
    ok,
    message: ok === true ? '' : `${rule.name}${of}: ${messageOf(verdict, options)}`,
    detail:
      ok === true
        ? []
        : [
            ...[...annotations].map(([name, text]) => `${name}: ${text}`),
            ...verdict.traces.slice(0, TRACES_SHOWN).map(({ traceId }) => `trace ${traceId}`),
          ],
    at: { source: rule.place.file, line: rule.place.line },
  };
}

function messageOf(verdict: Verdict, options: AlertsReportOptions): string {
  return [...sentences(verdict, options)].join('; ');
}

function* sentences(verdict: Verdict, { dataEnd, shortened, zone }: AlertsReportOptions): Iterable<string> {
  const { rule, state, heldFor = 0, failures, missing, untilDataEnd } = verdict;
  const needed = rule.kind === 'alert' ? rule.for : 0;
  switch (state) {
    case 'firing':
      yield* firing(verdict, dataEnd, zone);
      if (shortened.has(rule)) yield 'would fire if it held: --ignore-for leaves out how long it must';
      break;
    case 'pending':
      yield `${held(heldFor)} of the ${formatDuration(needed)} required; the data is too short to tell`;
      break;
    case 'no_data':
      yield missing.length === 0 ? 'no series matches' : missing.join('; ');
      break;
    case 'inactive':
      if (verdict.heldFor !== undefined) {
        yield `${held(heldFor)} at most, and ${formatDuration(needed)} are required`;
      }
      if (missing.length > 0) yield missing.join('; ');
      break;
    case 'error':
      break;
  }
  for (const { message, count } of failures)
    yield `${count === 1 ? '1 evaluation' : `${count} evaluations`} failed: ${message}`;
  if (untilDataEnd && state !== 'no_data' && state !== 'error') {
    yield "not evaluated after the data's end: it holds where nothing happens";
  }
}

/** One evaluation has no length. */
const held = (length: number): string =>
  length === 0 ? 'true once, 0s' : `true for ${formatDuration(length)}`;

function* firing(
  { firedAt, resolvedAt, value, fired }: Verdict,
  dataEnd: number | undefined,
  zone: string,
): Iterable<string> {
  const shown = value === undefined ? '' : `, at worst ${numberText(Number(value.toPrecision(4)))}`;
  const late = dataEnd !== undefined && firedAt! > dataEnd;
  yield late
    ? `fires ${formatDuration(firedAt! - dataEnd)} after the last span${shown}`
    : `fires at ${timeText(firedAt!, zone)}${shown}`;
  if (resolvedAt === undefined) yield 'still firing at the end';
  else yield `resolved after ${formatDuration(resolvedAt - firedAt!)}`;
  if (fired > 1) yield `fired ${fired} times`;
}
