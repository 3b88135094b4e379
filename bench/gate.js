// How far the gate of `check --max-increase` can be trusted, by simulation: how often it fails although the truth is exactly
// the limit (its nominal level is 5 %), how often it fails although nothing changed, and which increases it finds with how
// many runs. Costs of runs are log-normal; `cv` is their coefficient of variation. Prints the tables of docs/check.md.
//
//   npm run bench:gate -- --simulations 700 --resamples 301 --seed 1
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { rolldown } from 'rolldown';
import { randomOf } from './corpus/random.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a side, or pairs. */
const RUNS = [8, 15, 30, 60, 120];
const SPREADS = [0.13, 0.5, 1];
const INCREASES = ['0%', '20%', '30%', '50%', '100%'];
const LIMIT = 1.1;
/** Of a case's cost, which part of the variance all its runs share. */
const SHARED = 0.8;

const { values } = parseArgs({
  options: {
    simulations: { type: 'string', default: '700' },
    resamples: { type: 'string', default: '301' },
    seed: { type: 'string', default: '1' },
  },
});
const [simulations, resamples, seed] = [values.simulations, values.resamples, values.seed].map(Number);

const { bootstrapRatio, holm, ALPHA, STATISTICS } = await bundled('src/analyses/bootstrap.ts');
const started = process.cpuUsage();

console.log(`${simulations} simulations a cell, ${resamples} resamples each, limit 10 %, seed ${seed}`);
for (const paired of [false, true]) {
  const what = paired ? 'pairs' : 'runs a side';
  console.log(
    '\nFalse alarms where the true increase is the limit: by the mean / by the median / by the gate\n',
  );
  const spreads = SPREADS.map((cv) => `cv ${cv}`);
  table([what, ...spreads], RUNS, (n) =>
    SPREADS.map((cv) => {
      const { mean, median, either } = rates(n, cv, LIMIT, paired);
      return `${mean} / ${median} / ${either}`;
    }),
  );
  console.log('\nHow often the gate fails / holds, cv 0.5\n');
  const [first, ...others] = RUNS;
  table(['true increase', `${first} ${what}`, ...others], INCREASES, (increase) =>
    RUNS.map((n) => {
      const { either, pass } = rates(n, 0.5, 1 + Number.parseFloat(increase) / 100, paired);
      return `${either} / ${pass}`;
    }),
  );
}
const { user } = process.cpuUsage(started);
console.log(`\n${(user / 1e6).toFixed(0)} s of processor time`);

function table(heads, rows, cellsOf) {
  console.log(`| ${heads.join(' | ')} |\n|${heads.map(() => ' ---: |').join('')}`);
  for (const row of rows) console.log(`| ${row} | ${cellsOf(row).join(' | ')} |`);
}

/** Which part of the simulated gates fail: by the mean, by the median, by either after Holm's correction; and which hold. */
function rates(n, cv, ratio, paired) {
  const random = randomOf(
    seed + n * 1000 + Math.round(cv * 100) + Math.round(ratio * 100) * 7 + (paired ? 1 : 0),
  ).next;
  const counts = { mean: 0, median: 0, either: 0, pass: 0 };
  for (let i = 0; i < simulations; i++) {
    const samples = paired ? drawPairs(random, n, cv, ratio) : drawSides(random, n, cv, ratio);
    const found = STATISTICS.map((statistic) =>
      bootstrapRatio(samples, statistic, { limit: LIMIT, seed: [i], resamples }),
    );
    const p = found.map(({ pAbove }) => pAbove);
    if (p[0] < ALPHA) counts.mean++;
    if (p[1] < ALPHA) counts.median++;
    if (holm(p).some((one) => one < ALPHA)) counts.either++;
    else if (found.every(({ pBelow }) => pBelow < ALPHA)) counts.pass++;
  }
  return Object.fromEntries(
    Object.entries(counts).map(([key, count]) => [key, percent(count / simulations)]),
  );
}

function percent(part) {
  return `${(part * 100).toFixed(part > 0 && part < 0.0995 ? 1 : 0)}%`;
}

function drawSides(random, n, cv, ratio) {
  const sigma = Math.sqrt(Math.log(1 + cv * cv));
  const one = (scale) => scale * Math.exp(sigma * normal(random));
  return { paired: false, before: draws(n, () => one(1)), after: draws(n, () => one(ratio)) };
}

function drawPairs(random, n, cv, ratio) {
  const sigma = Math.sqrt(Math.log(1 + cv * cv));
  const cases = draws(n, () => Math.sqrt(SHARED) * normal(random));
  const one = (shared, scale) => scale * Math.exp(sigma * (shared + Math.sqrt(1 - SHARED) * normal(random)));
  return {
    paired: true,
    before: cases.map((own) => one(own, 1)),
    after: cases.map((own) => one(own, ratio)),
  };
}

function draws(n, one) {
  return Array.from({ length: n }, one);
}

/** Box and Muller. */
function normal(random) {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

async function bundled(input) {
  const bundle = await rolldown({ input: join(root, input), platform: 'node', logLevel: 'silent' });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  const file = join(root, 'node_modules/.cache/gate.js');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, output[0].code);
  return import(pathToFileURL(file).href);
}
