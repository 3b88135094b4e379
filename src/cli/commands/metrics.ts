import { metricsReport } from '../../metrics/index.ts';
import { UserError } from '../../model/index.ts';
import { readDuration } from '../../rollup/index.ts';
import { answer, type Question } from '../answer.ts';
import { familiesOf, type MetricChoice, metricChoice } from '../metric-choice.ts';
import { FORMATS, METRIC_FORMATS, type RawOptions } from '../options.ts';
import type { Session } from '../session.ts';
import type { Formats } from '../settings.ts';
import type { Run } from '../usage/index.ts';

const DEFAULT_INTERVAL = 15_000;
const NANOS_PER_MILLI = 1e6;

/** `agentobs metrics`: the runs as a metrics endpoint would have told them. */
export const run: Run = async (inputs, options, session) => {
  const timestamps = options['timestamps'] === true;
  const interval = timestamps ? (intervalOf(options['scrapeInterval']) ?? DEFAULT_INTERVAL) : undefined;
  if (!timestamps && options['scrapeInterval'] !== undefined)
    throw new UserError('--scrape-interval: nothing is scraped', { hint: 'It goes with --timestamps.' });
  const choice = await metricChoice(options, session);
  const deliver = delivery(options, choice, session);
  return answer(inputs, options, session, {
    by: choice.columns,
    observations: true,
    formats: timestamps ? WITH_TIMES : METRIC_FORMATS,
    ask: (data) => metricsReport(familiesOf(data, choice), { profile: choice.profile, interval }),
    ...(deliver !== undefined && { deliver }),
  });
};

/** Prometheus' own text format has no room for several samples of a series. */
const WITH_TIMES: Formats = ['openmetrics', ...FORMATS];

function intervalOf(value: RawOptions[string]): number | undefined {
  if (typeof value !== 'string') return undefined;
  const nanos = readDuration(value) ?? Number.NaN;
  const millis = Math.round(nanos / NANOS_PER_MILLI);
  if (millis >= 1) return millis;
  throw new UserError(`--scrape-interval '${value}': not a length of time`, {
    hint: 'Write it like 15s or 1m.',
  });
}

function delivery(
  options: RawOptions,
  { constants }: MetricChoice,
  session: Session,
): Question['deliver'] | undefined {
  const [push, serve] = [options['push'], options['serve']];
  const both = ['push', 'serve', 'timestamps', 'output', 'format'].filter(
    (name) => options[name] !== undefined,
  );
  if (push === undefined && serve === undefined) return undefined;
  if (both.length > 1)
    throw new UserError(`${both.map((name) => `--${name}`).join(' and ')} are two answers`, {
      hint: 'Ask for one after the other.',
    });
  if (typeof push === 'string') return pushed(push, constants, session);
  const port = /^\d{1,5}$/.test(String(serve)) ? Number(serve) : Number.NaN;
  if (!(port <= 65_535))
    throw new UserError(`--serve '${serve}': not a port`, { hint: 'A number to 65535; 0 takes a free one.' });
  return async ({ exposition }) => {
    const { serveMetrics } = await import('../serve-metrics.ts');
    await serveMetrics(port, exposition!, session);
  };
}

function pushed(
  url: string,
  constants: MetricChoice['constants'],
  session: Session,
): NonNullable<Question['deliver']> {
  // A mistyped address is said before anything is read.
  const target = import('../push-metrics.ts').then(({ pushTarget }) => pushTarget(url, constants));
  target.catch(() => undefined);
  return async ({ exposition }) => {
    const { pushMetrics } = await import('../push-metrics.ts');
    await pushMetrics(await target, exposition!.prometheus(), session);
  };
}
