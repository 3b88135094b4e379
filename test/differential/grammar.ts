import { FUNCTION_CALLS, FUNCTION_CALLS_OF_2 } from './function-grammar.ts';
import type { Choices } from './random.ts';

const RANGES = ['30s', '1m', '90s', '2m', '5m', '7m', '10m', '15s', '20s', '1m1s'];
const NUMBERS = ['0', '1', '2', '-1', '0.5', '10', '100', '7', '-3.25', 'Inf', 'NaN', '1e3'];
const LABELS = ['job', 'instance', 'code', 'le', 'version', 'nothing'];
const COUNTERS = ['requests_total', 'jitter_total', 'latency_seconds_count', 'latency_seconds_sum'];
const GAUGES = ['up', 'down', 'memory_bytes', 'limit', 'version_info', 'odd', 'missing'];

/** Continuous functions: a last bit more or less stays one. */
const SMOOTH = ['abs', 'deg', 'rad', 'atan', 'tanh', 'sinh', 'asinh', 'sqrt', 'ln', 'log2', 'log10', 'exp'];
const JUMPING = ['ceil', 'floor', 'round', 'sgn', 'acos', 'asin', 'cos', 'sin', 'acosh', 'atanh', 'cosh'];
const WINDOWED = [
  ...['rate', 'increase', 'delta', 'irate', 'idelta', 'changes', 'resets', 'deriv'],
  ...['avg_over_time', 'min_over_time', 'max_over_time', 'sum_over_time', 'count_over_time'],
  ...['last_over_time', 'present_over_time', 'stddev_over_time', 'stdvar_over_time'],
];
const DATES = [
  'minute',
  'hour',
  'day_of_week',
  'day_of_month',
  'day_of_year',
  'days_in_month',
  'month',
  'year',
];

/** `@` and its time. */
const AT = / @ [\w().]+/g;

/** Writes random expressions: most have an answer, some are errors. */
export class Grammar {
  readonly #choices: Choices;
  readonly #times: readonly number[];
  readonly #subqueries: boolean;

  /** `times`, in seconds, are what `@` names. Without subqueries nothing is looked at but the times that are asked for. */
  constructor(choices: Choices, times: readonly number[], subqueries: boolean) {
    this.#choices = choices;
    this.#times = times;
    this.#subqueries = subqueries;
  }

  expression(): string {
    const choices = this.#choices;
    if (choices.chance(0.04)) return this.#scalar(2);
    if (choices.chance(0.03)) return `${choices.of(['sort', 'sort_desc'])}(${this.#exact(1)})`;
    return this.#vector(choices.of([1, 2, 2, 3]));
  }

  #vector(depth: number): string {
    const choices = this.#choices;
    if (depth <= 0) return this.#selector();
    const inner = (): string => this.#vector(depth - 1);
    switch (choices.below(18)) {
      case 0:
        return `${choices.of(SMOOTH)}(${inner()})`;
      case 1:
        return `${choices.of(JUMPING)}(${this.#exact(depth - 1)})`;
      case 2:
      case 3:
        return this.#windowed(depth);
      case 4:
      case 5:
        return this.#aggregate(inner());
      case 6:
        return this.#ranking(depth);
      case 7:
        return this.#withScalar(inner(), depth);
      case 8:
      case 9:
        return this.#matched(depth);
      case 10:
        return this.#set(inner(), inner());
      case 11:
        return this.#histogram();
      case 12:
        return this.#relabelled(inner());
      case 13:
        return this.#rare(depth);
      case 14:
        return `-${this.#selector()}`;
      case 15:
      case 16:
        return this.#anyCall();
      default:
        return `(${inner()})`;
    }
  }

  #anyCall(): string {
    const choices = this.#choices;
    const call = choices.of([...FUNCTION_CALLS, ...FUNCTION_CALLS_OF_2]);
    const parts: Readonly<Record<string, () => string>> = {
      $vector: () => this.#exact(0),
      $window: () => this.#range(call.startsWith('predict_linear') ? 0 : 1),
      $scalar: () => this.#scalar(0),
      $quantile: () => choices.of(['0.5', '0.9', '0', '1', '0.25', '-1', '2']),
      $buckets: () => `latency_seconds_bucket${this.#matchers()}`,
      $label: () => choices.of(['job', 'instance', 'code']),
    };
    const text = call.replaceAll(/\$[a-z]{3,}/g, (part) => parts[part]?.() ?? part);
    return call.startsWith('predict_linear') ? text.replaceAll(AT, '') : text;
  }

  /** A vector whose values have no rounding in them, on which anything may turn. */
  #exact(depth: number): string {
    const choices = this.#choices;
    if (depth <= 0 || choices.chance(0.5)) return this.#selector();
    if (choices.chance(0.5))
      return `${choices.of(['sum', 'min', 'max', 'count', 'group'])}${this.#grouping()}(${this.#selector()})`;
    return `${choices.of(['min_over_time', 'max_over_time', 'last_over_time', 'changes', 'resets'])}(${this.#range(0)})`;
  }

  #selector(): string {
    const choices = this.#choices;
    const name = choices.of([...COUNTERS, ...GAUGES, ...GAUGES]);
    if (choices.chance(0.03)) return `{__name__=~"up|down"}${this.#shift()}`;
    return `${name}${this.#matchers()}${this.#shift()}`;
  }

  #matchers(): string {
    const choices = this.#choices;
    const matchers = choices.some(
      [
        'job="api"',
        'job!="db"',
        'job=~"a.*|web"',
        'instance!~"1"',
        'instance="0"',
        'code=~"[45]..|"',
        'code!=""',
      ],
      0.1,
    );
    return matchers.length === 0 ? '' : `{${matchers.join(',')}}`;
  }

  #shift(): string {
    const choices = this.#choices;
    let text = '';
    if (choices.chance(0.1)) text += ` offset ${choices.of(['1m', '-2m', '7s', '15s', '5m', '-30s'])}`;
    if (choices.chance(0.08)) text += ` @ ${choices.of(['start()', 'end()', ...this.#times.map(String)])}`;
    return text;
  }

  #range(depth: number): string {
    const choices = this.#choices;
    if (depth <= 0 || !this.#subqueries || choices.chance(0.7)) {
      const name = choices.of(choices.chance(0.6) ? COUNTERS : GAUGES);
      return `${name}${this.#matchers()}[${choices.of(RANGES)}]${this.#shift()}`;
    }
    const step = choices.of(['', '15s', '10s', '1m', '7s']);
    const inner = choices.chance(0.5) ? this.#exact(depth - 1) : `rate(${this.#range(depth - 1)})`;
    return `(${inner})[${choices.of(['1m', '2m', '5m', '10m', '45s'])}:${step}]${this.#shift()}`.replace(
      /^\((\w+\([^()]*\))\)\[/,
      '$1[',
    );
  }

  #windowed(depth: number): string {
    const choices = this.#choices;
    const range = this.#range(depth - 1);
    switch (choices.below(12)) {
      case 0:
        return `quantile_over_time(${this.#scalar(0)}, ${range})`;
      case 1:
        // With `@`, 2.42 moves the window of this one function on over a range, to no samples at all.
        return `predict_linear(${range.replaceAll(AT, '')}, ${choices.of(['60', '-30', '3600'])})`;
      case 2:
        return `holt_winters(${range}, 0.5, 0.3)`;
      case 3:
        return `absent_over_time(${range})`;
      default:
        return `${choices.of(WINDOWED)}(${range})`;
    }
  }

  #grouping(): string {
    const choices = this.#choices;
    if (choices.chance(0.3)) return '';
    return ` ${choices.of(['by', 'by', 'without'])} (${choices.some(LABELS, 0.35).join(', ')}) `;
  }

  #aggregate(inner: string): string {
    const choices = this.#choices;
    const op = choices.of(['sum', 'sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar']);
    return `${op}${this.#grouping()}(${inner})`;
  }

  /** What depends on the order or the sameness of values. */
  #ranking(depth: number): string {
    const choices = this.#choices;
    const inner = choices.chance(0.8)
      ? `memory_bytes${this.#matchers()}${this.#shift()}`
      : this.#exact(depth - 1);
    switch (choices.below(4)) {
      case 0:
        return `topk${this.#grouping()}(${choices.of(['1', '2', '3', '0', '-1', '100', '1.7', 'NaN'])}, ${this.#ranks()})`;
      case 1:
        return `bottomk${this.#grouping()}(${choices.of(['1', '2', '3', '5', 'scalar(limit{job="api"})'])}, ${this.#ranks()})`;
      case 2:
        return `quantile${this.#grouping()}(${choices.of(['0.5', '0', '1', '0.9', '-1', '2', 'NaN', 'scalar(limit)'])}, ${inner})`;
      default:
        // A label that sorts before those of `by` makes 2.42 forget some of them.
        return choices.chance(0.3)
          ? `count_values("${choices.of(['job', 'code'])}", ${inner})`
          : `count_values${this.#grouping()}("zone", ${inner})`;
    }
  }

  /** Values of which hardly two are the same, or all. Of anything but a selector Prometheus leaves the order to chance. */
  #ranks(): string {
    return this.#choices.of(['memory_bytes', 'memory_bytes', 'version_info', 'odd', 'limit']);
  }

  #withScalar(inner: string, depth: number): string {
    const choices = this.#choices;
    const scalar = this.#scalar(depth - 1);
    const exact = this.#exact(depth - 1);
    const comparison = `${choices.of(['==', '!=', '>', '<', '>=', '<='])}${choices.chance(0.3) ? ' bool' : ''}`;
    switch (choices.below(4)) {
      case 0:
        return `(${inner} ${choices.of(['+', '-', '*', '/'])} ${scalar})`;
      case 1:
        return `(${scalar} ${choices.of(['+', '-', '*', '/', 'atan2'])} ${inner})`;
      case 2:
        return choices.chance(0.5)
          ? `(${exact} ${comparison} ${choices.of(NUMBERS)})`
          : `(${choices.of(NUMBERS)} ${comparison} ${exact})`;
      default:
        return `(${exact} ${choices.of(['%', '^'])} ${choices.of(['2', '3', '0.5', '-1', '0'])})`;
    }
  }

  #matched(depth: number): string {
    const choices = this.#choices;
    const arithmetic = choices.chance(0.6);
    const op = arithmetic
      ? choices.of(['+', '-', '*', '/', 'atan2'])
      : `${choices.of(['==', '!=', '>', '<', '>=', '<='])}${choices.chance(0.3) ? ' bool' : ''}`;
    const side = (): string => (arithmetic ? this.#vector(depth - 1) : this.#exact(depth - 1));
    switch (choices.below(6)) {
      case 0:
        return `(${this.#selector()} ${op} on (job, instance) group_left (version) version_info)`;
      case 1:
        return `(limit ${op} on (job) group_right () ${this.#selector()})`;
      case 2:
        return `(sum by (job, instance) (${side()}) ${op} sum by (job, instance) (${side()}))`;
      case 3:
        return `(${this.#selector()} ${op} ignoring (code, le) group_left () ${choices.of(['up', 'down', 'memory_bytes'])})`;
      case 4:
        return `(${choices.of(['up', 'down', 'memory_bytes'])} ${op} ${choices.of(['up', 'down', 'memory_bytes', 'odd'])})`;
      default:
        return `(${side()} ${op} ${this.#matching()} ${side()})`;
    }
  }

  #matching(): string {
    const choices = this.#choices;
    if (choices.chance(0.3)) return '';
    return `${choices.of(['on', 'ignoring'])} (${choices.some(LABELS, 0.4).join(', ')})`;
  }

  #set(left: string, right: string): string {
    return `(${left} ${this.#choices.of(['and', 'or', 'unless'])} ${this.#matching()} ${right})`;
  }

  #histogram(): string {
    const choices = this.#choices;
    const q = choices.of(['0.5', '0.9', '0.99', '0', '1', '-1', '2', 'NaN', '0.25']);
    const rate = `rate(latency_seconds_bucket${this.#matchers()}[${choices.of(['1m', '2m', '5m'])}])`;
    const buckets = choices.of([
      rate,
      'latency_seconds_bucket',
      `sum by (le) (${rate})`,
      `sum by (le, job) (${rate})`,
      'latency_seconds_bucket{le!="+Inf"}',
      'memory_bytes',
    ]);
    return `histogram_quantile(${q}, ${buckets})`;
  }

  #relabelled(inner: string): string {
    return this.#choices.of([
      `label_replace(${inner}, "team", "t-$1", "job", "(.).*")`,
      `label_replace(${inner}, "job", "", "instance", "1")`,
      `label_replace(${inner}, "job", "$2", "job", "(a)(.*)")`,
      `label_join(${inner}, "both", "-", "job", "instance")`,
      `label_join(${inner}, "job", "")`,
    ]);
  }

  #rare(depth: number): string {
    const choices = this.#choices;
    const inner = (): string => this.#vector(depth - 1);
    switch (choices.below(8)) {
      case 0:
        return `vector(${this.#scalar(depth - 1)})`;
      case 1:
        return `absent(${choices.chance(0.5) ? this.#selector() : 'missing{job="api",code=~"x"}'})`;
      case 2:
        return `timestamp(${choices.chance(0.6) ? this.#selector() : inner()})`;
      case 3:
        return `${choices.of(DATES)}(${choices.of(['', 'timestamp(up)', 'memory_bytes * 86400'])})`;
      case 4:
        return `clamp(${inner()}, ${choices.of(['0, 10', '-5, 5', '3, 1', 'NaN, 1'])})`;
      case 5:
        return `clamp_min(${inner()}, ${this.#scalar(0)})`;
      case 6:
        return `round(${this.#exact(depth - 1)}, ${choices.of(['5', '0.5', '3', '0'])})`;
      default:
        return `clamp_max(${inner()}, ${this.#scalar(0)})`;
    }
  }

  #scalar(depth: number): string {
    const choices = this.#choices;
    if (depth <= 0 || choices.chance(0.5)) return choices.of(NUMBERS);
    switch (choices.below(5)) {
      case 0:
        return `scalar(${this.#exact(depth - 1)})`;
      case 1:
        return `(${this.#scalar(depth - 1)} ${choices.of(['+', '-', '*', '/', '%', '^', '== bool', '> bool'])} ${this.#scalar(depth - 1)})`;
      case 2:
        return '(time() % 100)';
      case 3:
        return 'pi()';
      default:
        return `-${choices.of(['1', '2.5', '3'])}`;
    }
  }
}
