// How long do expressions take on many series? Evaluates them on counters of a known pace whose samples are not kept anywhere,
// and prints the processor's time for each. The sum of rates, which is the row of the benchmark, is checked at every step.
//
//   node bench/promql.js                                  100,000 series, 240 steps, every expression
//   node bench/promql.js --series 1e4 --steps 100 --json   only the sum of rates

import { parseArgs } from 'node:util';
import { evaluate, parse } from '../build/promql/index.js';

const { values } = parseArgs({
  options: {
    series: { type: 'string', default: '1e5' },
    steps: { type: 'string', default: '240' },
    json: { type: 'boolean', default: false },
  },
});
const count = Number(values.series);
const steps = Number(values.steps);
if (!(count >= 1 && steps >= 1)) throw new Error('--series and --steps must be positive numbers');

const SCRAPE = 15_000;
const WARM_UP = 300_000;
const JOBS = 100;

const SUM_OF_RATES = 'sum by (job) (rate(requests_total[5m]))';
const EXPRESSIONS = [
  'requests_total',
  'sum by (job) (requests_total)',
  'rate(requests_total[5m])',
  SUM_OF_RATES,
  'avg without (instance) (max_over_time(requests_total[5m]))',
  'topk(10, requests_total)',
  'quantile(0.9, requests_total)',
  'requests_total > 1000',
  'requests_total / requests_total',
  'requests_total and requests_total',
  'requests_total * on (job) group_left () count by (job) (requests_total)',
  'histogram_quantile(0.95, sum by (le) (rate(requests_total[5m])))',
  'max_over_time(rate(requests_total[1m])[5m:1m])',
];

const series = Array.from({ length: count }, (_, index) => counter(index));
const source = { select: () => series };
const end = (steps - 1) * SCRAPE;

if (values.json) {
  console.log(JSON.stringify({ seconds: timed(SUM_OF_RATES).seconds }));
} else {
  console.log(`${count} series, ${steps} steps, a sample every ${SCRAPE / 1000} s`);
  for (const text of EXPRESSIONS) {
    const { seconds, value } = timed(text);
    console.log(
      `${seconds.toFixed(2).padStart(8)} s  ${String(value.series.length).padStart(7)} series  ${text}`,
    );
  }
  console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
}

function timed(text) {
  const expr = parse(text, { version: 3 });
  const before = process.cpuUsage();
  const value = evaluate(expr, source, { start: 0, end, step: SCRAPE, version: 3, maxSamples: Infinity });
  const { user, system } = process.cpuUsage(before);
  if (text === SUM_OF_RATES) checkRates(value);
  return { seconds: (user + system) / 1e6, value };
}

/** Every counter goes up evenly, and windows are full: its rate is its pace, at every step. */
function checkRates(value) {
  const jobs = new Map();
  for (let index = 0; index < count; index++)
    jobs.set(jobOf(index), (jobs.get(jobOf(index)) ?? 0) + paceOf(index) / (SCRAPE / 1000));
  if (value.series.length !== jobs.size)
    throw new Error(`wrong answer: ${value.series.length} jobs, not ${jobs.size}`);
  for (const { labels, times, values: rates } of value.series) {
    const job = labels.get('job');
    const expected = jobs.get(job);
    if (times.length !== steps)
      throw new Error(`wrong answer: ${times.length} steps of ${job}, not ${steps}`);
    for (const [step, rate] of rates.entries())
      if (!(Math.abs(rate / expected - 1) <= 1e-9))
        throw new Error(`wrong answer: ${rate} a second of ${job} at step ${step}, not ${expected}`);
  }
}

/** A counter that goes up by a little at each scrape. Its samples are not kept anywhere. */
function counter(index) {
  const labels = new Map([
    ['__name__', 'requests_total'],
    ['instance', String(index)],
    ['job', jobOf(index)],
    ['le', ['0.5', '1', '5', '+Inf'][index % 4]],
  ]);
  const pace = paceOf(index);
  const read = (from, to, sink) => {
    const first = Math.ceil(Math.max(from, -WARM_UP) / SCRAPE);
    const last = Math.floor(Math.min(to, end) / SCRAPE);
    for (let scrape = first; scrape <= last; scrape++) sink(scrape * SCRAPE, pace * (scrape + 20), false);
  };
  return { labels, read };
}

function jobOf(index) {
  return `job-${index % JOBS}`;
}

/** What it goes up by from scrape to scrape. */
function paceOf(index) {
  return 1 + (index % 7);
}
