import { CATALOGUE } from './catalogue.ts';
import { labelNamesOf, type Metric, partsOf } from './metric.ts';

/** Which series of a metric of the catalogue. Labels are those of the catalogue, too. */
type Choice = {
  /** Of a histogram. */
  readonly of?: 'bucket' | 'sum' | 'count';
  /** One of the parts that the metric is split into, such as `input` of tokens. */
  readonly part?: string;
  /** Conditions as PromQL writes them, behind the name of the label. */
  readonly where?: Readonly<Record<string, string>>;
  /** A window to read: `5m`. */
  readonly over?: string;
};

/** A condition on `status`: whatever the applications of others call a failure. */
export const FAILED = '=~"error|failed|failure|timeout"';

/** The catalogue's metrics and labels in the words of a profile: what expressions are written with. */
export type Vocabulary = {
  /** Whether the profile has the metric, with all of these labels. */
  readonly has: (name: string, ...labels: readonly string[]) => boolean;
  /** A selector of its series. A metric or a label that the profile has not keeps the name of the catalogue. */
  readonly select: (name: string, choice?: Choice) => string;
  /** What its labels are called, without those that the profile has not. */
  readonly labels: (name: string, ...labels: readonly string[]) => readonly string[];
};

const known = new Map(CATALOGUE.map((metric) => [metric.name, metric]));

/** `metrics` are those of a profile, their names with what stands before them. */
export function vocabularyOf(metrics: readonly Metric[]): Vocabulary {
  const standing = new Map<string, Metric[]>();
  for (const metric of metrics) {
    const name = metric.standsFor ?? catalogued(metric.name);
    if (name !== undefined) standing.set(name, [...(standing.get(name) ?? []), metric]);
  }
  const theirs = (name: string, label: string): string | undefined =>
    (standing.get(name) ?? []).flatMap((metric) => labelIn(metric, name, label) ?? [])[0];
  return {
    has: (name, ...labels) =>
      standing.has(name) && labels.every((label) => theirs(name, label) !== undefined),
    labels: (name, ...labels) =>
      labels.flatMap((label) => (standing.has(name) ? (theirs(name, label) ?? []) : label)),
    select: (name, { of, part, where = {}, over } = {}) => {
      const found = (standing.get(name) ?? []).find(
        (metric) => part === undefined || holds(metric, name, part),
      );
      const matchers = Object.entries(where).map(
        ([label, condition]) =>
          (found && labelIn(found, name, label) ? theirs(name, label)! : label) + condition,
      );
      const split = (found ?? known.get(name))?.value;
      if (part !== undefined && typeof split === 'object') matchers.push(`${split.label}="${part}"`);
      const suffix = of ?? (found?.type === 'histogram' ? 'sum' : undefined);
      const series = `${found?.name ?? name}${suffix === undefined ? '' : `_${suffix}`}`;
      const selector = matchers.length === 0 ? series : `${series}{${matchers.join(', ')}}`;
      return over === undefined ? selector : `${selector}[${over}]`;
    },
  };
}

/** The metric of the catalogue whose name this is, or ends with it behind a prefix. */
function catalogued(name: string): string | undefined {
  if (known.has(name)) return name;
  return [...known.keys()].find((one) => name.endsWith(one));
}

/** What a metric calls the label that the catalogue's has for the same; undefined where it has none. */
function labelIn(metric: Metric, name: string, label: string): string | undefined {
  if (labelNamesOf(metric).includes(label)) return label;
  const from = known.get(name)!.labels.find((one) => one.name === label)?.from;
  return metric.labels.find((one) => from !== undefined && one.from === from)?.name;
}

/** A metric that is split has the part as a label value; one that is not may be that part itself. */
function holds(metric: Metric, name: string, part: string): boolean {
  const parts = partsOf(metric);
  if (typeof metric.value !== 'string') return parts.some(({ as }) => as === part);
  return partsOf(known.get(name)!).some(({ as, value }) => as === part && value === metric.value);
}
