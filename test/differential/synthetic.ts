import type { MemorySeries, Sample } from '../promql/memory.ts';
import type { Choices } from './random.ts';

/** A multiple of a minute, in milliseconds. */
export const DATA_START = 1_700_000_100_000;
const SCRAPE = 15_000;
const SCRAPES = 160;
export const DATA_END = DATA_START + SCRAPE * SCRAPES;

const BOUNDS = ['0.1', '0.5', '1', '2.5', '10', '+Inf'];

/**
 * Series with what makes evaluation hard: resets, gaps shorter and longer than the lookback, values that are no numbers,
 * samples off the grid, histograms, and metrics that differ in nothing but the name. Values are multiples of a quarter, so
 * that sums do not depend on their order.
 */
export function syntheticSeries(choices: Choices): MemorySeries[] {
  const all: MemorySeries[] = [];
  const add = (name: string, labels: Readonly<Record<string, string>>, samples: readonly Sample[]): void => {
    all.push({ labels: new Map([['__name__', name], ...Object.entries(labels)]), samples });
  };
  for (const job of ['api', 'db', 'web']) {
    add('limit', { job }, gauge(choices, 0, 0));
    for (const instance of ['0', '1']) {
      const labels = { job, instance };
      add('up', labels, gauge(choices, 0.05, 0));
      add('down', labels, gauge(choices, 0, 20));
      add('memory_bytes', labels, gauge(choices, 0.1, 0));
      if (choices.chance(0.8)) add('version_info', { ...labels, version: choices.of(['1', '2']) }, ones());
      add('odd', labels, odd(choices));
      for (const code of ['200', '404', '500']) {
        if (choices.chance(0.85)) add('requests_total', { ...labels, code }, counter(choices, 0.1, 0));
        if (choices.chance(0.5)) add('jitter_total', { ...labels, code }, counter(choices, 0.2, 4000));
      }
      histogram(choices, labels, add);
    }
  }
  return all;
}

type Add = (name: string, labels: Readonly<Record<string, string>>, samples: readonly Sample[]) => void;

function histogram(choices: Choices, labels: Readonly<Record<string, string>>, add: Add): void {
  const counts = BOUNDS.map(() => 0);
  const buckets: Sample[][] = BOUNDS.map(() => []);
  const sums: Sample[] = [];
  let sum = 0;
  for (let scrape = 0; scrape <= SCRAPES; scrape++) {
    const time = DATA_START + scrape * SCRAPE;
    for (let observed = choices.below(4); observed > 0; observed--) {
      const lowest = choices.below(BOUNDS.length);
      for (let bucket = lowest; bucket < BOUNDS.length; bucket++) counts[bucket]!++;
      sum += lowest;
    }
    for (const [index, samples] of buckets.entries()) samples.push(sample(time, counts[index]!));
    sums.push(sample(time, sum));
  }
  for (const [index, samples] of buckets.entries())
    add('latency_seconds_bucket', { ...labels, le: BOUNDS[index]! }, samples);
  add('latency_seconds_sum', labels, sums);
  add('latency_seconds_count', labels, buckets.at(-1)!);
}

/** Goes up, and now and then back to nothing. */
function counter(choices: Choices, gaps: number, jitter: number): Sample[] {
  let value = choices.below(50) / 4;
  return times(choices, gaps, jitter).map((time) => {
    value = choices.chance(0.02) ? 0 : value + (choices.chance(0.5) ? choices.below(40) / 4 : 0);
    return sample(time, value);
  });
}

function gauge(choices: Choices, gaps: number, jitter: number): Sample[] {
  return times(choices, gaps, jitter).map((time) => sample(time, (choices.below(4000) - 1000) / 4));
}

function odd(choices: Choices): Sample[] {
  const values = [Number.NaN, Infinity, -Infinity, 0, -0.25, 1e300, 3];
  return times(choices, 0.02, 0).map((time) =>
    sample(time, choices.chance(0.1) ? choices.of(values) : choices.below(100) / 4),
  );
}

function ones(): Sample[] {
  return Array.from({ length: SCRAPES + 1 }, (_, scrape) => sample(DATA_START + scrape * SCRAPE, 1));
}

/** When a series has samples; a gap leaves up to 40 of them out. */
function times(choices: Choices, gaps: number, jitter: number): number[] {
  const kept: number[] = [];
  const first = choices.chance(0.3) ? choices.below(60) : 0;
  for (let scrape = first; scrape <= SCRAPES; scrape++) {
    if (choices.chance(gaps / 4)) scrape += choices.below(40);
    if (scrape <= SCRAPES) kept.push(DATA_START + scrape * SCRAPE + choices.below(jitter + 1));
  }
  return kept;
}

function sample(time: number, value: number): Sample {
  return { time, value, stale: false };
}

/** The series as OpenMetrics text that Prometheus makes blocks of. */
export function openMetrics(series: readonly MemorySeries[]): string {
  const lines: string[] = [];
  for (const { labels, samples } of series) {
    const inside = [...labels]
      .filter(([name]) => name !== '__name__')
      .map(([name, value]) => `${name}="${value}"`);
    const head = `${labels.get('__name__')}{${inside.join(',')}}`;
    for (const { time, value } of samples) lines.push(`${head} ${numberText(value)} ${time / 1000}`);
  }
  return `${lines.join('\n')}\n# EOF\n`;
}

function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}
