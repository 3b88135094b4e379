import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  type Families,
  type Metric,
  MOST_STEPS,
  type Period,
  periodOf,
  seriesSource,
  whyNothing,
  windowNotes,
} from '../../metrics/index.ts';
import { UserError } from '../../model/index.ts';
import {
  documentedType,
  EvaluationError,
  type Expr,
  evaluate,
  ParseError,
  parse,
  selectorsOf,
  typeOf,
} from '../../promql/index.ts';
import { parseInstant, readDuration } from '../../rollup/index.ts';
import { answer } from '../answer.ts';
import { lostLabelNotes } from '../lost-labels.ts';
import { familiesOf, metricChoice } from '../metric-choice.ts';
import type { RawOptions } from '../options.ts';
import { queryReport } from '../query-report.ts';
import { optionalLength, replayChoice } from '../replay-options.ts';
import { readSettings } from '../settings.ts';
import { timeText, zoneOf } from '../time-text.ts';
import type { Run } from '../usage/index.ts';

/** As many points as a chart shows; the step of a range is chosen so that there are no more. */
const POINTS = 250;
/** Whichever is given asks for many points. */
const RANGED = ['range', 'start', 'end', 'step'] as const;
/** How long series are there before the data, and after it: only what is looked at is made. */
const BEFORE = 24 * 3_600_000;
const AFTER = 3_600_000;

/** `agentobs metrics query`: what an expression says of this data. */
export const run: Run = async (named, options, session) => {
  const [text, ...inputs] = named;
  if (text === undefined || text.trim() === '') {
    throw new UserError('which expression is to be evaluated?', {
      hint: "agentobs metrics query 'sum by (model) (llm_cost_total)' traces/",
    });
  }
  const { version, interval } = replayChoice(options);
  const expr = parsed(text, version, existsSync(resolve(session.cwd, text)));
  const ranged = RANGED.some((name) => options[name] !== undefined);
  const type = typeOf(expr);
  if (ranged && type !== 'vector' && type !== 'scalar') {
    throw new UserError(`a ${documentedType(type)} has no course over time`, {
      hint: 'Leave --range out, or make a vector of it: last_over_time(…).',
    });
  }
  const settings = readSettings(options, session);
  const times = timesOf(options, ranged, (time) => timeText(time, zoneOf(settings)));
  const choice = await metricChoice(options, session);
  const { zone } = settings.render;
  return answer(inputs, options, session, {
    by: choice.columns,
    observations: true,
    emptyAnswer: true,
    ask: (data) => {
      const families = familiesOf(data, { ...choice, metrics: metricsIn(expr, choice.metrics) });
      const { start, end, step, notes } = times(families, expr, interval);
      const source = seriesSource(families, { interval, before: BEFORE, after: AFTER, version });
      const missing = selectorsOf(expr)
        .filter(({ selector }) => source.select(selector.matchers).length === 0)
        .map(({ selector }) => whyNothing(families, choice.metrics, selector.matchers));
      const lost = lostLabelNotes(expr, source);
      const format = String(options['format'] ?? 'table');
      const value = evaluated(expr, source, { start, end, step, version });
      const report = queryReport(value, { type: ranged ? 'matrix' : type, start, end, format, zone });
      return { ...report, notes: [...families.notes, ...notes, ...missing, ...lost, ...report.notes] };
    },
  });
};

function parsed(text: string, version: 2 | 3, isInput: boolean): Expr {
  try {
    return parse(text, { version });
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const hint = isInput ? 'The expression stands before the inputs.' : pointedAt(text, error.at);
    throw new UserError(error.message, { hint, cause: error });
  }
}

/** The line of a place (in UTF-8 bytes) with a caret below it. */
function pointedAt(text: string, at: number): string {
  const before = Buffer.from(text).subarray(0, at).toString();
  const from = before.lastIndexOf('\n') + 1;
  const [line = ''] = text.slice(from).split('\n', 1);
  return `${line.replaceAll('\t', ' ')}\n  ${' '.repeat(before.length - from)}^`;
}

function evaluated(...[expr, source, options]: Parameters<typeof evaluate>): ReturnType<typeof evaluate> {
  try {
    return evaluate(expr, source, options);
  } catch (error) {
    if (error instanceof EvaluationError) throw new UserError(error.message, { cause: error });
    throw error;
  }
}

/** The metrics that the expression can mean: of the others nothing is worked out. */
function metricsIn(expr: Expr, metrics: readonly Metric[]): readonly Metric[] {
  const selections = selectorsOf(expr).map(({ selector }) =>
    selector.matchers.filter(({ name }) => name === '__name__'),
  );
  return metrics.filter(({ name, type }) => {
    const names = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((one) => name + one) : [name];
    return selections.some((matchers) => names.some((one) => matchers.every(({ matches }) => matches(one))));
  });
}

type Times = Pick<Period, 'start' | 'end' | 'notes'> & { readonly step: number };

/** The options about time, checked; what they mean is known when the data is. */
function timesOf(
  options: RawOptions,
  ranged: boolean,
  said: (time: number) => string,
): (families: Families, expr: Expr, interval: number) => Times {
  const at = pointOf('--at', options['at']);
  const from = pointOf('--start', options['start']);
  const to = pointOf('--end', options['end']);
  const given = optionalLength('--step', options['step']);
  if (ranged && at !== undefined) {
    throw new UserError('--at is one instant, and --range, --start, --end and --step are about many');
  }
  return (families, expr, interval) => {
    // The first scrape that has seen everything.
    const last = Math.ceil((families.end ?? 0) / interval) * interval;
    const range = Math.max(...selectorsOf(expr).map(({ before }) => before ?? 0), 0);
    if (!ranged) {
      const time = at?.(last) ?? last;
      const notes = [...windowNotes(families, range), ...outsideNotes(families, time, time)];
      return { start: time, end: time, step: interval, notes };
    }
    const first = families.start ?? 0;
    const step = given ?? stepFor(last - first, range, interval);
    const whole = periodOf(families, { step, range, hold: 0, tail: 0, timeText: said });
    const start = from?.(last) ?? whole?.start ?? 0;
    const end = to?.(last) ?? (from === undefined ? (whole?.end ?? 0) : last);
    if (end < start) throw new UserError('--end is before --start');
    const notes = from === undefined && to === undefined ? (whole?.notes ?? []) : [];
    return { start, end, step, notes: [...notes, ...outsideNotes(families, start, end)] };
  };
}

/** A chart's worth of points, or more where windows would otherwise not meet: nothing falls between two of them. */
function stepFor(length: number, range: number, interval: number): number {
  const scrapes = length / interval;
  const wanted = Math.ceil(scrapes / POINTS);
  const meeting = range === 0 ? wanted : Math.floor(range / interval);
  const fewest = Math.ceil(scrapes / (MOST_STEPS - 1));
  return Math.max(1, fewest, Math.min(wanted, meeting)) * interval;
}

/** A point in time as typed, in milliseconds, once the end of the data is known; undefined where it is not given. */
function pointOf(option: string, value: RawOptions[string]): ((end: number) => number) | undefined {
  if (typeof value !== 'string') return undefined;
  // Seconds since the epoch, as Prometheus' API takes them.
  if (/^\d{9,10}(\.\d+)?$/.test(value)) return () => Math.round(Number(value) * 1000);
  const instant = parseInstant(option, value);
  if (instant !== undefined) return () => Number(instant / 1_000_000n);
  const back = readDuration(value);
  if (back !== undefined) return (end) => end - Math.round(back / 1e6);
  throw new UserError(`${option} '${value}' is no time`, {
    hint: 'Write ISO 8601 (2026-02-04T10:00:00Z), seconds since 1970, or a length of time back from the end of the data (90m, 24h).',
  });
}

/** What is asked for outside of the data is made up, or not there at all. */
function outsideNotes({ start, end }: Families, from: number, to: number): readonly string[] {
  if (start === undefined || end === undefined)
    return ['no span with a time is among them: there are no series'];
  if (from > end + AFTER) return ['that is more than an hour after the data: no series is there any more'];
  if (to < start - BEFORE) return ['that is more than a day before the data: no series is there yet'];
  return to < start ? ['that is before the data: all series are 0'] : [];
}
