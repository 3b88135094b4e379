// How long expressions take on many series: `node bench/promql.js [series] [steps]`, after a build. Prints the processor's time.
import { evaluate, parse } from '../build/promql/index.js';

const SCRAPE = 15_000;
const WARM_UP = 300_000;

const count = Number(process.argv[2] ?? 100_000);
const steps = Number(process.argv[3] ?? 240);

const EXPRESSIONS = [
  'requests_total',
  'sum by (job) (requests_total)',
  'rate(requests_total[5m])',
  'sum by (job) (rate(requests_total[5m]))',
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

console.log(`${count} series, ${steps} steps, a sample every ${SCRAPE / 1000} s`);
for (const text of EXPRESSIONS) {
  const expr = parse(text, { version: 3 });
  const before = process.cpuUsage();
  const value = evaluate(expr, source, { start: 0, end, step: SCRAPE, version: 3, maxSamples: Infinity });
  const { user, system } = process.cpuUsage(before);
  const seconds = ((user + system) / 1e6).toFixed(2).padStart(8);
  console.log(`${seconds} s  ${String(value.series.length).padStart(7)} series  ${text}`);
}
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);

/** A counter that goes up by a little at each scrape. Its samples are not kept anywhere. */
function counter(index) {
  const labels = new Map([
    ['__name__', 'requests_total'],
    ['instance', String(index)],
    ['job', `job-${index % 100}`],
    ['le', ['0.5', '1', '5', '+Inf'][index % 4]],
  ]);
  const pace = 1 + (index % 7);
  const read = (from, to, sink) => {
    const first = Math.ceil(Math.max(from, -WARM_UP) / SCRAPE);
    const last = Math.floor(Math.min(to, end) / SCRAPE);
    for (let scrape = first; scrape <= last; scrape++) sink(scrape * SCRAPE, pace * (scrape + 20), false);
  };
  return { labels, read };
}
