import type { Labels, SeriesSource } from '../../model/index.ts';
import { evaluate, formatDuration, parse, typeOf } from '../../promql/index.ts';
import { alertsAt } from '../alerts-at.ts';
import { evaluateRules } from '../evaluate.ts';
import type { AlertingOutcome, Evaluation, Outcome } from '../outcome.ts';
import type { RuleGroup } from '../rule.ts';
import { type Compared, compareAlerts, compareSamples } from './compare.ts';
import type {
  AlertCase,
  ExpectedAlert,
  ExpectedSample,
  ExpressionCase,
  UnitTest,
  UnitTestCase,
  UnitTestFile,
} from './file.ts';
import { inputSource } from './input-series.ts';

/** What became of one case. */
export type CaseResult = CaseOf<'alert', ExpectedAlert> | CaseOf<'expr', ExpectedSample>;

type CaseOf<Kind extends string, Answer> = {
  /** The name of the test. */
  readonly test: string;
  readonly kind: Kind;
  /** The expression, or the name of the alert. */
  readonly expr: string;
  /** Since the start of the test, in milliseconds. */
  readonly time: number;
  readonly line: number;
  readonly ok: boolean;
  readonly expected: readonly Answer[];
  readonly got: readonly Answer[];
  /** Why there was nothing to compare, or what else there is to know. */
  readonly error: string | undefined;
};

/** More evaluations than this in one test are a mistyped time. */
const MOST_EVALUATIONS = 2_000_000;

/**
 * Runs the tests of a file as `promtool test rules` does: all groups are evaluated in lock step at the file's interval,
 * from the start of the test to the last time that a case asks about; an alert case sees the last evaluation at or before
 * its time. A rule that fails ends its test there. Answers are in the order of the file.
 */
export function runUnitTests(
  file: UnitTestFile,
  groups: readonly RuleGroup[],
  version: 2 | 3,
): readonly CaseResult[] {
  const ordered = inOrder(groups, file.groupOrder);
  return file.tests.flatMap((test) => runTest(test, { file, groups: ordered, version }));
}

type Setting = {
  readonly file: UnitTestFile;
  readonly groups: readonly RuleGroup[];
  readonly version: 2 | 3;
};

/** Groups that are not named go with the first; those of one place stay in the order of their files. */
function inOrder(groups: readonly RuleGroup[], order: readonly string[]): readonly RuleGroup[] {
  const place = ({ name }: RuleGroup): number => Math.max(0, order.indexOf(name));
  return groups.toSorted((a, b) => place(a) - place(b));
}

function runTest(test: UnitTest, setting: Setting): readonly CaseResult[] {
  const { file, groups, version } = setting;
  const { interval } = file;
  const until = Math.max(0, ...test.cases.map(({ time }) => time));
  const evaluations = Math.floor(until / interval);
  if (evaluations > MOST_EVALUATIONS) {
    const error = `${evaluations} evaluations, one every ${formatDuration(interval)}: is the time mistyped?`;
    return test.cases.map((one) => unanswered(test, one, error));
  }
  const last = test.start + evaluations * interval;
  const evaluation = evaluateRules(groups, inputSource(test, last), {
    start: test.start,
    end: last,
    interval,
    sameInterval: true,
    origin: test.start,
    version,
    externalLabels: test.externalLabels,
    externalUrl: test.externalUrl,
  });
  const failure = firstFailure(evaluation);
  const run: TestRun = { test, setting, evaluation, failedAt: failure?.time ?? Number.POSITIVE_INFINITY };
  const results = test.cases.map((one) => resultOf(one, run));
  return failure === undefined ? results : [...failureResult(test, failure), ...results];
}

type TestRun = {
  readonly test: UnitTest;
  readonly setting: Setting;
  readonly evaluation: Evaluation;
  /** Nothing was evaluated from then on. */
  readonly failedAt: number;
};

type Failure = { readonly outcome: Outcome; readonly time: number; readonly message: string };

function firstFailure({ outcomes }: Evaluation): Failure | undefined {
  let found: Failure | undefined;
  for (const outcome of outcomes)
    for (const { first: time, message } of outcome.failures)
      if (found === undefined || time < found.time) found = { outcome, time, message };
  return found;
}

/** A rule that fails is a case of its own: a test may have no other. */
function failureResult(test: UnitTest, { outcome, time, message }: Failure): readonly CaseResult[] {
  const { rule } = outcome;
  const error = `rule ${rule.name} (${rule.place.file}:${rule.place.line}) fails: ${message}`;
  const since = time - test.start;
  const base = { test: test.name, time: since, line: test.line, ok: false, error };
  return [{ ...base, kind: 'expr', expr: rule.text.trim(), expected: [], got: [] }];
}

function resultOf(one: UnitTestCase, run: TestRun): CaseResult {
  const { test, setting, failedAt } = run;
  const at = test.start + Math.floor(one.time / setting.file.interval) * setting.file.interval;
  // Expressions are only asked after the last evaluation.
  if (failedAt <= at || (one.kind === 'expr' && Number.isFinite(failedAt)))
    return unanswered(test, one, 'not evaluated: a rule fails before');
  return one.kind === 'alert' ? alertResult(one, run, at) : expressionResult(one, run);
}

function alertResult(one: AlertCase, { test, evaluation }: TestRun, at: number): CaseResult {
  const named = evaluation.outcomes.filter(isAlerting).filter(({ rule }) => rule.name === one.alert);
  const asked = named.filter(({ group }) => one.group === undefined || group.name === one.group);
  const got = asked
    .flatMap((outcome) => alertsAt(evaluation, outcome, at))
    .filter(({ state }) => state === 'firing')
    .map(({ labels, annotations }) => ({ labels, annotations }));
  const compared = compareAlerts(one.expected, got);
  return {
    ...baseOf(test, one),
    kind: 'alert',
    expr: one.alert,
    ...compared,
    error: compared.ok || named.length > 0 ? undefined : `no rule has the name ${one.alert}`,
  };
}

const isAlerting = (outcome: Outcome): outcome is AlertingOutcome => outcome.rule.kind === 'alert';

function expressionResult(one: ExpressionCase, { test, evaluation, setting }: TestRun): CaseResult {
  let compared: Compared<ExpectedSample>;
  try {
    const got = query(one.expr, evaluation.source, test.start + one.time, setting);
    compared = compareSamples(one.expected, got, setting.file.fuzzy);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return unanswered(test, one, error.message);
  }
  const nan = one.expected.some(({ value }) => Number.isNaN(value));
  return {
    ...baseOf(test, one),
    kind: 'expr',
    expr: one.expr,
    ...compared,
    error:
      nan && !compared.ok ? 'NaN equals nothing, not even NaN: test for it with expr != expr' : undefined,
  };
}

function query(
  text: string,
  source: SeriesSource,
  time: number,
  { file, version }: Setting,
): readonly ExpectedSample[] {
  const expr = parse(text, { version });
  const value = evaluate(expr, source, {
    start: time,
    end: time,
    step: file.interval,
    version,
    defaultStep: file.interval,
  });
  if (value.type === 'scalar') return [{ labels: NO_LABELS, value: value.points.values[0]! }];
  if (value.type === 'string' || typeOf(expr) === 'matrix') throw new Error(NO_VECTOR);
  return value.series.map(({ labels, values }) => ({ labels, value: values[0]! }));
}

const NO_VECTOR = 'rule result is not a vector or scalar';
const NO_LABELS: Labels = new Map();

function baseOf({ name }: UnitTest, { time, line }: UnitTestCase) {
  return { test: name, time, line };
}

function unanswered(test: UnitTest, one: UnitTestCase, error: string): CaseResult {
  const base = { ...baseOf(test, one), ok: false, error };
  return one.kind === 'alert'
    ? { ...base, kind: 'alert', expr: one.alert, expected: one.expected, got: [] }
    : { ...base, kind: 'expr', expr: one.expr, expected: one.expected, got: [] };
}
