import {
  type Checkup,
  type CheckView,
  type Column,
  costOfCalls,
  type Finding,
  type Fix,
  type FoundAt,
  type InputSummary,
  isUnpriced,
  type Money,
  type Report,
  SEVERITIES,
  type Severity,
  shareOf,
  stepName,
  usd,
} from '../model/index.ts';
import type { Dataset } from './dataset.ts';
import { ADVICE, type Advice, type Topic } from './doctor-advice.ts';
import { CHECKS, type Check, type Exam, type Found } from './doctor-checks.ts';
import type { Observer } from './doctor-observer.ts';

/** What is missing from the telemetry, which part of the totals that makes unsafe, and what to add where. */
export function doctor(data: Dataset, observer: Observer, input: InputSummary): Report {
  const exam = examOf(data, observer, input);
  const whole = reachOf(exam, { reach: 'own' }, exam.positions);
  const outcomes = CHECKS.map((check) => {
    const found = check.find(exam);
    return { check, finding: found === undefined ? undefined : findingOf(exam, check, found, whole) };
  });
  const findings = outcomes.flatMap(({ finding }) => finding ?? []);
  const worst = findings.toSorted((a, b) => rank(a.severity) - rank(b.severity));
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  const checkup: Checkup = {
    findings: worst,
    checks: outcomes.map(({ check: { id, severity, title }, finding }) => ({
      id,
      severity,
      title,
      ok: finding === undefined,
    })),
    summary: {
      errors: count('error'),
      warnings: count('warning'),
      infos: count('info'),
      checks: CHECKS.length,
      spans: exam.positions.length,
      traces: whole.traces,
      calls: exam.calls,
      cost_usd: costOf(whole),
    },
  };
  return {
    command: 'doctor',
    body: checkup,
    page: 'checkup',
    table: { rows: 'findings', columns: COLUMNS },
    checks: {
      suite: 'agentobs doctor',
      checks: outcomes.map(({ check, finding }) => checkView(check, finding)),
    },
    notes: [],
  };
}

const rank = (severity: Severity): number => SEVERITIES.indexOf(severity);

const COLUMNS: readonly Column[] = [
  { path: ['severity'], name: 'severity', label: 'severity', show: 'text' },
  { path: ['id'], name: 'id', label: 'id', show: 'text' },
  { path: ['detail'], name: 'detail', label: 'detail', show: 'text' },
  { path: ['spans'], name: 'spans', label: 'spans', show: 'count' },
  { path: ['traces'], name: 'traces', label: 'traces', show: 'count' },
  { path: ['calls'], name: 'calls', label: 'calls', show: 'count' },
  { path: ['calls_share'], name: 'calls_share', label: 'of calls', show: 'share' },
  { path: ['cost_usd'], name: 'cost_usd', label: 'unsafe', show: 'money' },
  { path: ['cost_share'], name: 'cost_share', label: 'of cost', show: 'share' },
  { path: ['first', 'source'], name: 'source', label: 'source', show: 'text' },
  { path: ['first', 'line'], name: 'line', label: 'line', show: 'count' },
  { path: ['first', 'span_id'], name: 'span_id', label: 'span', show: 'id' },
];

type Examined = Exam & { readonly positions: readonly number[] };

function examOf(data: Dataset, observer: Observer, input: InputSummary): Examined {
  const isSelected = data.selected ?? (() => true);
  const positions: number[] = [];
  let calls = 0;
  for (let p = 0; p < data.forest.length; p++) {
    if (!isSelected(p)) continue;
    positions.push(p);
    if (data.bill.isCall(p)) calls++;
  }
  return { data, observer, input, calls, isSelected, positions };
}

/** What rests on some spans. */
type Reach = {
  readonly traces: number;
  readonly calls: number;
  readonly unpriced: number;
  readonly cost: bigint;
};

function reachOf(exam: Exam, { reach }: Pick<Check, 'reach'>, positions: readonly number[]): Reach {
  const { forest, bill } = exam.data;
  let traces = 0;
  let calls = 0;
  let unpriced = 0;
  let cost = 0n;
  let trace = -1;
  /** Positions rise, so ranges that were counted are behind. */
  let counted = 0;
  for (const position of positions) {
    while (position >= (forest.traceFrom[trace + 1] ?? 0)) {
      trace++;
      if (position < forest.traceFrom[trace + 1]!) traces++;
    }
    const end =
      reach === 'own'
        ? position + 1
        : reach === 'below'
          ? position + forest.size[position]!
          : forest.traceFrom[trace + 1]!;
    for (let p = Math.max(position, counted); p < end; p++) {
      if (!bill.isCall(p) || !exam.isSelected(p)) continue;
      calls++;
      if (isUnpriced(bill.status(p))) unpriced++;
      else cost += BigInt(bill.cost[p]!);
    }
    counted = Math.max(counted, end);
  }
  return { traces, calls, unpriced, cost };
}

function findingOf(exam: Examined, check: Check, found: Found, whole: Reach): Finding {
  const { positions } = found;
  const reach = reachOf(exam, check, positions);
  const cost = check.money === 'none' ? usd(0n) : check.money === 'unknown' ? usd(undefined) : costOf(reach);
  return {
    id: check.id,
    severity: check.severity,
    title: check.title,
    detail: detailOf(exam, check, found, whole),
    spans: positions.length,
    traces: reach.traces,
    calls: reach.calls,
    calls_share: shareOf(BigInt(reach.calls), BigInt(whole.calls)),
    cost_usd: cost,
    cost_share: cost.pico === undefined ? null : shareOf(cost.pico, whole.cost),
    first: firstOf(exam, found),
    fixes: fixesFor(exam, check, positions),
  };
}

const costOf = ({ cost, calls, unpriced }: Reach): Money => costOfCalls(cost, calls, unpriced);

function detailOf(exam: Examined, { counts, wrong }: Check, found: Found, whole: Reach): string {
  const count = found.count ?? found.positions.length;
  if (counts === 'records') return `${count} ${count === 1 ? 'record' : 'records'} ${wrong}`;
  const all = { calls: whole.calls, spans: exam.positions.length, traces: whole.traces }[counts];
  return `${count} of ${all} ${counts} ${wrong}`;
}

function firstOf({ data: { forest }, observer }: Exam, { positions, first }: Found): FoundAt | null {
  const [position] = positions;
  if (position === undefined) return placeOf(first);
  const { table } = forest;
  const row = forest.row[position]!;
  return {
    ...observer.placeOf(row),
    trace_id: table.traceIdOf(row),
    span_id: table.spanIdOf(row),
    step: stepName(table, row),
  };
}

/** `file:line` where a record stood, or the span that a warning is about. */
function placeOf(first: string | undefined): FoundAt | null {
  if (first === undefined) return null;
  const nothing = { trace_id: null, span_id: null, step: null };
  const place = /^(.+):(\d+)$/s.exec(first);
  if (place !== null) return { ...nothing, source: place[1]!, line: Number(place[2]) };
  const span = /^spans? (\S+?),? .*of trace (\S+)$/s.exec(first);
  return {
    ...nothing,
    source: null,
    line: null,
    span_id: span?.[1] ?? null,
    trace_id: span?.[2] ?? null,
  };
}

const TOPICS: Readonly<Record<string, Topic>> = {
  calls_missing: 'calls',
  usage_missing_streaming: 'streaming',
  usage_missing: 'usage',
  usage_invalid: 'counts',
  usage_total_only: 'counts',
  usage_missing_failed: 'failed',
  model_missing: 'model',
  records_damaged: 'damage',
  format_unsupported: 'format',
  reports_conflicting: 'repeat',
  parents_circular: 'circle',
  parents_missing: 'parents',
  roots_missing: 'parents',
  user_missing: 'user',
  session_missing: 'session',
  workflow_missing: 'workflow',
  cost_conflict: 'conflict',
  cost_invalid: 'cost',
  cache_accounting_assumed: 'cache',
  cache_lifetime_missing: 'lifetime',
  usage_only_on_parents: 'sums',
  sampled: 'sampling',
  attributes_cut: 'limits',
  spans_open: 'ends',
  clock_skew: 'clocks',
  times_wrong: 'times',
  units_missing: 'times',
  ids_odd: 'ids',
  calls_reported_twice: 'twice',
  steps_missing: 'steps',
  service_missing: 'service',
  errors_untyped: 'errors',
  durations_zero: 'durations',
  vocabulary_unknown: 'vocabulary',
  content_recorded: 'content',
};

/** More than a few is a manual. */
const MOST_FIXES = 3;

function fixesFor(exam: Exam, { id }: Check, positions: readonly number[]): Fix[] {
  const topic = TOPICS[id];
  if (topic === undefined) return priceFixes(exam, id);
  const writers = writersOf(exam, positions);
  const all = ADVICE.filter((advice) => advice.topic === topic);
  const fitting = all.filter(
    (advice) => !isGeneral(advice) && writers.some((writer) => fits(advice, writer)),
  );
  const chosen = fitting.length > 0 ? fitting : all.filter(isGeneral);
  return chosen.slice(0, MOST_FIXES).map((advice) => ({
    applies_to: advice.for,
    text: advice.text,
    code: advice.code ?? null,
    source: advice.source ?? null,
  }));
}

const isGeneral = ({ dialects, scope, providers, language }: Advice): boolean =>
  dialects === undefined && scope === undefined && providers === undefined && language === undefined;

type Writer = {
  readonly dialect: string | undefined;
  readonly scope: string | undefined;
  readonly provider: string | undefined;
  readonly language: 'python' | 'js' | undefined;
};

/** Telling writers apart takes a look at some spans, not at all of a million. */
const MOST_LOOKED_AT = 10_000;

function writersOf({ data: { forest }, observer }: Exam, positions: readonly number[]): readonly Writer[] {
  const { table } = forest;
  const writers = new Map<string, Writer>();
  for (const p of positions.slice(0, MOST_LOOKED_AT)) {
    const row = forest.row[p]!;
    const writer = {
      dialect: table.dialectOf(row),
      scope: observer.scopeOf(row),
      provider: table.textOf('provider', row),
      language:
        languageOf(table.resourceOf(row).attributes.get('telemetry.sdk.language')) ??
        languageOfScope(observer.scopeOf(row)),
    };
    writers.set(JSON.stringify(writer), writer);
  }
  return [...writers.values()];
}

function languageOf(value: unknown): Writer['language'] {
  if (value === 'python') return 'python';
  return value === 'nodejs' || value === 'webjs' ? 'js' : undefined;
}

/** npm packages have an `@`, Python's instrumentations are called by their modules. */
function languageOfScope(scope: string | undefined): Writer['language'] {
  if (scope?.startsWith('@') === true) return 'js';
  return /^(?:opentelemetry|openinference)\.instrumentation\./.test(scope ?? '') ? 'python' : undefined;
}

/** A language that is not known rules nothing out that something else speaks for. */
function fits({ dialects, scope, providers, language }: Advice, writer: Writer): boolean {
  if (dialects !== undefined && !dialects.includes(writer.dialect ?? '')) return false;
  if (scope !== undefined && !scope.test(writer.scope ?? '')) return false;
  if (providers !== undefined && !providers.includes(writer.provider ?? '')) return false;
  if (language === undefined || language === writer.language) return true;
  const isKnownOtherwise = dialects !== undefined || scope !== undefined || providers !== undefined;
  return writer.language === undefined && isKnownOtherwise;
}

/** What prices lack is said by the price list itself, with the line to paste. */
function priceFixes({ data: { bill, selected } }: Exam, id: string): Fix[] {
  const reasons = id === 'model_unknown' ? ['unknown_model'] : ['missing_rate', 'conflicting_prices'];
  return bill
    .unpriced(selected)
    .filter(({ reason }) => reasons.includes(reason))
    .slice(0, MOST_FIXES)
    .map(({ model, provider, hint }) => ({
      applies_to: [provider, model].filter((part) => part !== undefined).join('/'),
      text: hint ?? 'Give it prices in agentobs.yaml.',
      code: null,
      source: null,
    }));
}

function checkView({ id, title, severity }: Check, finding: Finding | undefined): CheckView {
  if (finding === undefined) return { id, title, severity, ok: true, message: '', detail: [], at: null };
  const { first, fixes } = finding;
  return {
    id,
    title,
    severity,
    ok: false,
    message: finding.detail,
    detail: fixes.map(
      ({ applies_to: who, text, code }) => `${who}: ${text}${code === null ? '' : ` ${code}`}`,
    ),
    at: first?.source == null || first.line === null ? null : { source: first.source, line: first.line },
  };
}
