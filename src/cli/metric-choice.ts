import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { attemptsOf } from '../analyses/attempts.ts';
import {
  collect,
  columnsOf,
  type Families,
  INSTANCE,
  labelNamesOf,
  type Metric,
  PROFILES,
  prefixed,
  profileNamed,
  splitByInstance,
} from '../metrics/index.ts';
import { UserError } from '../model/index.ts';
import type { Dataset } from '../pipeline.ts';
import { loadConfig, loadMetricFile } from './config.ts';
import { faultOfLabel, METRIC_NAME, type MetricSettings } from './metric-settings.ts';
import type { RawOptions } from './options.ts';
import type { Session } from './session.ts';
import { list } from './settings.ts';
import { optional, optionalCount } from './values.ts';

/** Which metrics are meant, under which names, and what has to be read for them. */
export type MetricChoice = {
  readonly profile: string;
  readonly metrics: readonly Metric[];
  readonly constants: readonly (readonly [name: string, value: string])[];
  readonly maxSeries: number;
  /** Every process is replayed by itself: the metrics have a label for it. */
  readonly split: boolean;
  /** For `Question.by`. */
  readonly columns: readonly string[];
};

const MOST_SERIES = 10_000;

/** What options, the file that `--profile` names, and `agentobs.yaml` say, in this order. */
export async function metricChoice(options: RawOptions, session: Session): Promise<MetricChoice> {
  const text = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === 'string' ? value : undefined;
  };
  const constants = list(options['label']).map(parseLabel);
  const maxSeries = optionalCount('--max-series', options['maxSeries']);
  const named = text('profile');
  const isFile =
    named !== undefined && !Object.hasOwn(PROFILES, named) && existsSync(resolve(session.cwd, named));
  const file = isFile ? await loadMetricFile(named, session.cwd) : undefined;
  const { metrics: config } = await loadConfig(options['config'] === false ? false : text('config'), session);
  const said = [file, config].filter((settings) => settings !== undefined);
  const first = <K extends keyof MetricSettings>(key: K): MetricSettings[K] | undefined =>
    said.map((settings) => settings[key]).find((value) => value !== undefined);
  const profile = profileNamed((isFile ? file?.profile : named) ?? first('profile') ?? 'default');
  const prefix = text('metricPrefix') ?? first('prefix') ?? '';
  if (prefix !== '' && !METRIC_NAME.test(prefix))
    throw new UserError(`--metric-prefix '${prefix}': begins no metric name`, {
      hint: 'Letters, digits and _ only, no digit first: genxai_',
    });
  const split = optional('--split-by', options['splitBy'], ['resource']) !== undefined;
  const whole = prefixed(
    withOwn(
      profile.metrics,
      said.toReversed().flatMap(({ define }) => define),
    ),
    prefix,
    profile.metrics,
  );
  const metrics = split ? splitByInstance(whole) : whole;
  const labels = new Map([...said.toReversed().flatMap((settings) => settings.labels), ...constants]);
  for (const name of labels.keys()) {
    if (split && name === INSTANCE)
      throw new UserError(`--label ${name}: --split-by resource gives every process its own`);
    const metric = metrics.find((one) => labelNamesOf(one).includes(name));
    if (metric !== undefined) throw new UserError(`--label ${name}: ${metric.name} has a label of that name`);
  }
  return {
    profile: isFile ? named : profile.name,
    metrics,
    constants: [...labels],
    maxSeries: maxSeries ?? first('maxSeries') ?? MOST_SERIES,
    split,
    columns: columnsOf(metrics),
  };
}

/** The chosen metrics of this data. It has to be read with `observations`, and with the columns of the choice. */
export function familiesOf(data: Dataset, choice: MetricChoice): Families {
  let attempts: ReturnType<typeof attemptsOf> | undefined;
  const asked = {
    ...data,
    attempts: () => {
      attempts ??= attemptsOf(data);
      return attempts;
    },
  };
  return collect(asked, choice.metrics, choice);
}

/** Metrics of the user's own take the place of those with the same name; the last one of a name counts. */
function withOwn(metrics: readonly Metric[], own: readonly Metric[]): readonly Metric[] {
  const byName = new Map(metrics.map((metric) => [metric.name, metric]));
  for (const metric of own) byName.set(metric.name, metric);
  return [...byName.values()];
}

function parseLabel(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  const name = text.slice(0, Math.max(at, 0)).trim();
  if (name === '') throw new UserError(`--label '${text}': no label`, { hint: 'Write it like job=agents.' });
  const fault = faultOfLabel(name);
  if (fault !== undefined) throw new UserError(`--label '${text}': ${fault}`);
  return [name, text.slice(at + 1)];
}
