import { didYouMean, type Labels } from '../../model/index.ts';
import { parseDuration, parseMetric, parseSeries, type SeriesDescription } from '../../promql/index.ts';
import type { RuleContext, RulePath } from '../rule.ts';

/**
 * A file of promtool's unit tests
 * (prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules). Durations are integer milliseconds.
 */
export type UnitTestFile = {
  /** As written: globs, relative to the file. */
  readonly ruleFiles: readonly string[];
  /** At which all groups are evaluated, whatever interval they have themselves. */
  readonly interval: number;
  /** Names of groups; those that are not in it are evaluated together with the first. */
  readonly groupOrder: readonly string[];
  /** Samples may differ by the last bit of their values. */
  readonly fuzzy: boolean;
  readonly tests: readonly UnitTest[];
};

export type UnitTest = {
  /** `unnamed#0` where it has none. */
  readonly name: string;
  readonly line: number;
  /** Between the samples of the input series; 0: they are all of one time, and the first counts. */
  readonly interval: number;
  readonly series: readonly SeriesDescription[];
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  /** The time of the first sample and of the first evaluation, since the epoch. */
  readonly start: number;
  readonly cases: readonly UnitTestCase[];
};

export type UnitTestCase = AlertCase | ExpressionCase;

type CaseBase = {
  /** Since the start of the test. */
  readonly time: number;
  readonly line: number;
};

export type AlertCase = CaseBase & {
  readonly kind: 'alert';
  readonly alert: string;
  /** Only alerts of this group; undefined: of all. */
  readonly group: string | undefined;
  readonly expected: readonly ExpectedAlert[];
};

export type ExpectedAlert = { readonly labels: Labels; readonly annotations: Labels };

export type ExpressionCase = CaseBase & {
  readonly kind: 'expr';
  readonly expr: string;
  readonly expected: readonly ExpectedSample[];
};

export type ExpectedSample = { readonly labels: Labels; readonly value: number };

const MINUTE = 60_000;
const NO_LABELS: Labels = new Map();

/** Which keys a mapping may have, and since which version of promtool. */
type Keys = Readonly<Record<string, 2 | 3>>;

const FILE: Keys = { rule_files: 2, evaluation_interval: 2, group_eval_order: 2, tests: 2, fuzzy_compare: 3 };
const TEST: Keys = {
  interval: 2,
  input_series: 2,
  alert_rule_test: 2,
  promql_expr_test: 2,
  external_labels: 2,
  external_url: 2,
  name: 2,
  start_timestamp: 3,
};
const SERIES: Keys = { series: 2, values: 2 };
const ALERT_CASE: Keys = { eval_time: 2, alertname: 2, exp_alerts: 2, groupname: 3 };
const ALERT: Keys = { exp_labels: 2, exp_annotations: 2 };
const EXPRESSION_CASE: Keys = { expr: 2, eval_time: 2, exp_samples: 2 };
const SAMPLE: Keys = { labels: 2, value: 2, histogram: 2 };

/** Reads the top of a YAML file whose scalars are texts, as written. Tells every fault it finds, and reads on. */
export function parseUnitTests(top: unknown, version: 2 | 3, context: RuleContext): UnitTestFile {
  const read = new Reader(version, context);
  const isRuleFile = top instanceof Map && top.has('groups') && !top.has('tests');
  if (isRuleFile)
    context.fault(['groups'], `that is a rule file: agentobs alerts lint ${context.file} looks at it`);
  const file = read.mapping(isRuleFile ? undefined : top, [], FILE);
  const order = read.texts(file.get('group_eval_order'), ['group_eval_order']);
  for (const [i, name] of order.entries())
    if (order.indexOf(name) < i)
      context.fault(['group_eval_order', i], `group name repeated in evaluation order: ${name}`);
  const interval = read.duration(file.get('evaluation_interval'), ['evaluation_interval']) || MINUTE;
  return {
    ruleFiles: read.texts(file.get('rule_files'), ['rule_files']),
    interval,
    groupOrder: order,
    fuzzy: read.flag(file.get('fuzzy_compare'), ['fuzzy_compare']),
    tests: read
      .list(file.get('tests'), ['tests'])
      .map((test, i) => parseTest(test, i, { read, version, interval })),
  };
}

type TestContext = { readonly read: Reader; readonly version: 2 | 3; readonly interval: number };

function parseTest(value: unknown, index: number, { read, version, interval }: TestContext): UnitTest {
  const at = ['tests', index];
  const test = read.mapping(value, at, TEST);
  const own = read.duration(test.get('interval'), [...at, 'interval']);
  const alerts = read.list(test.get('alert_rule_test'), [...at, 'alert_rule_test']);
  const expressions = read.list(test.get('promql_expr_test'), [...at, 'promql_expr_test']);
  return {
    name: read.text(test.get('name'), [...at, 'name']) || `unnamed#${index}`,
    line: read.context.lineOf(at),
    // Version 2 takes it as it is: all samples are of one time then.
    interval: own === 0 && version === 3 ? interval : own,
    series: read
      .list(test.get('input_series'), [...at, 'input_series'])
      .flatMap((one, i) => parseInput(one, [...at, 'input_series', i], read) ?? []),
    externalLabels: read.labels(test.get('external_labels'), [...at, 'external_labels']),
    externalUrl: read.text(test.get('external_url'), [...at, 'external_url']),
    start: read.instant(test.get('start_timestamp'), [...at, 'start_timestamp']),
    cases: [
      ...alerts.map((one, i) => parseAlertCase(one, [...at, 'alert_rule_test', i], read)),
      ...expressions.map((one, i) => parseExpressionCase(one, [...at, 'promql_expr_test', i], read)),
    ],
  };
}

function parseInput(value: unknown, at: RulePath, read: Reader): SeriesDescription | undefined {
  const one = read.mapping(value, at, SERIES);
  const series = read.text(one.get('series'), [...at, 'series']).trimEnd();
  const values = read.text(one.get('values'), [...at, 'values']).trimEnd();
  if (/\{\{/.test(values)) {
    read.context.fault(
      [...at, 'values'],
      'native histograms are not supported: write the series of a classic one (…_bucket, …_sum, …_count)',
    );
    return undefined;
  }
  return read.attempt([...at, 'series'], () => parseSeries(`${series} ${values}`, read));
}

function parseAlertCase(value: unknown, at: RulePath, read: Reader): AlertCase {
  const one = read.mapping(value, at, ALERT_CASE);
  const alert = read.text(one.get('alertname'), [...at, 'alertname']);
  if (alert === '') read.context.fault(at, 'an alert_rule_test needs the alertname that it is about');
  return {
    kind: 'alert',
    alert,
    group: read.text(one.get('groupname'), [...at, 'groupname']) || undefined,
    time: read.duration(one.get('eval_time'), [...at, 'eval_time']),
    line: read.context.lineOf(at),
    expected: read.list(one.get('exp_alerts'), [...at, 'exp_alerts']).map((expected, i) => {
      const path = [...at, 'exp_alerts', i];
      const { labels, annotations } = {
        labels: read.mapping(expected, path, ALERT).get('exp_labels'),
        annotations: read.mapping(expected, path, ALERT).get('exp_annotations'),
      };
      return {
        labels: new Map(read.labels(labels, [...path, 'exp_labels'])).set('alertname', alert),
        annotations: read.labels(annotations, [...path, 'exp_annotations']),
      };
    }),
  };
}

function parseExpressionCase(value: unknown, at: RulePath, read: Reader): ExpressionCase {
  const one = read.mapping(value, at, EXPRESSION_CASE);
  return {
    kind: 'expr',
    expr: read.text(one.get('expr'), [...at, 'expr']),
    time: read.duration(one.get('eval_time'), [...at, 'eval_time']),
    line: read.context.lineOf(at),
    expected: read
      .list(one.get('exp_samples'), [...at, 'exp_samples'])
      .flatMap((sample, i) => parseSample(sample, [...at, 'exp_samples', i], read) ?? []),
  };
}

function parseSample(value: unknown, at: RulePath, read: Reader): ExpectedSample | undefined {
  const sample = read.mapping(value, at, SAMPLE);
  if (read.text(sample.get('histogram'), [...at, 'histogram']) !== '') {
    read.context.fault([...at, 'histogram'], 'native histograms are not supported');
    return undefined;
  }
  const labels = read.text(sample.get('labels'), [...at, 'labels']).trim();
  const described = read.attempt([...at, 'labels'], () =>
    labels === '' ? NO_LABELS : parseMetric(labels, read),
  );
  const number = read.number(sample.get('value'), [...at, 'value']);
  return described && { labels: described, value: number };
}

/** Reads values of a file, with a fault and something harmless for what is no such value. */
class Reader {
  readonly version: 2 | 3;
  readonly context: RuleContext;

  constructor(version: 2 | 3, context: RuleContext) {
    this.version = version;
    this.context = context;
  }

  mapping(value: unknown, at: RulePath, keys: Keys): ReadonlyMap<string, unknown> {
    if (isNothing(value)) return new Map();
    if (!(value instanceof Map)) {
      this.context.fault(at, `must be a mapping of ${Object.keys(keys).join(', ')}`);
      return new Map();
    }
    for (const key of value.keys()) {
      const name = String(key);
      const since = Object.hasOwn(keys, name) ? keys[name]! : undefined;
      if (since === undefined)
        this.context.fault([...at, name], `unknown key "${name}"${didYouMean(name, Object.keys(keys))}`);
      else if (since > this.version)
        this.context.fault([...at, name], `only Prometheus 3 knows this key: "${name}"`);
    }
    return value as ReadonlyMap<string, unknown>;
  }

  list(value: unknown, at: RulePath): readonly unknown[] {
    if (isNothing(value)) return [];
    if (Array.isArray(value)) return value;
    this.context.fault(at, 'must be a list');
    return [];
  }

  text(value: unknown, at: RulePath): string {
    if (value === undefined || value === null) return '';
    if (typeof value === 'string') return value;
    this.context.fault(at, 'must be a text');
    return '';
  }

  texts(value: unknown, at: RulePath): readonly string[] {
    return this.list(value, at).map((one, i) => this.text(one, [...at, i]));
  }

  labels(value: unknown, at: RulePath): Labels {
    if (isNothing(value)) return new Map();
    if (!(value instanceof Map)) {
      this.context.fault(at, 'must be a mapping of names to values');
      return new Map();
    }
    return new Map([...value].map(([name, one]) => [String(name), this.text(one, [...at, String(name)])]));
  }

  duration(value: unknown, at: RulePath): number {
    const text = this.text(value, at);
    return text === '' ? 0 : (this.attempt(at, () => parseDuration(text)) ?? 0);
  }

  flag(value: unknown, at: RulePath): boolean {
    const text = this.text(value, at).toLowerCase();
    if (!['', 'true', 'false'].includes(text)) this.context.fault(at, 'must be true or false');
    return text === 'true';
  }

  /** A number as YAML writes them: `.nan` and `.inf` are numbers, `NaN` is a text. */
  number(value: unknown, at: RulePath): number {
    const text = this.text(value, at);
    if (text === '') return 0;
    const special = /^([+-]?)\.(?:(nan)|(inf))$/i.exec(text);
    if (special !== null) {
      if (special[2] !== undefined) return Number.NaN;
      return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    }
    const number = /^[+-]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?$/.test(text)
      ? Number(text.replaceAll('_', ''))
      : Number.NaN;
    if (Number.isNaN(number))
      this.context.fault(at, `'${text.slice(0, 100)}' is no number (.nan and .inf are)`);
    return number;
  }

  /** RFC 3339 or seconds since the epoch, as milliseconds. */
  instant(value: unknown, at: RulePath): number {
    const text = this.text(value, at);
    if (text === '') return 0;
    const seconds = /^-?\d+(?:\.\d+)?$/.test(text);
    const time = seconds
      ? Math.round(Number(text) * 1000)
      : RFC_3339.test(text)
        ? Date.parse(text)
        : Number.NaN;
    if (Number.isSafeInteger(time)) return time;
    this.context.fault(
      at,
      `'${text.slice(0, 100)}' is no time: write 2026-07-01T09:00:00Z or seconds since 1970`,
    );
    return 0;
  }

  /** What `parse` makes of it; a fault with its words where it throws. */
  attempt<T>(at: RulePath, parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.context.fault(at, error.message);
      return undefined;
    }
  }
}

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** What stands for nothing in YAML. */
const isNothing = (value: unknown): boolean => value === undefined || value === null || value === '';
