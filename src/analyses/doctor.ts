import {
  type Advice,
  type Checkup,
  type CheckView,
  type Column,
  costOfCalls,
  type Finding,
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
import { CHECKS, type Check, type Exam, type Found } from './doctor-checks.ts';
import { fixesFor } from './doctor-fixes.ts';
import type { Observer } from './doctor-observer.ts';

/** What is missing from the telemetry, which part of the totals that makes unsafe, and what to add where. */
export function doctor(
  data: Dataset,
  observer: Observer,
  input: InputSummary,
  advice: readonly Advice[],
): Report {
  const exam = examOf(data, observer, input);
  const whole = reachOf(exam, { reach: 'own' }, exam.positions);
  const outcomes = CHECKS.map((check) => {
    const found = check.find(exam);
    return { check, finding: found === undefined ? undefined : findingOf(exam, check, found, whole, advice) };
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
      else cost += BigInt(bill.cost(p));
    }
    counted = Math.max(counted, end);
  }
  return { traces, calls, unpriced, cost };
}

function findingOf(
  exam: Examined,
  check: Check,
  found: Found,
  whole: Reach,
  advice: readonly Advice[],
): Finding {
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
    fixes: fixesFor(exam, check, positions, advice),
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
