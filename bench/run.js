// How fast is the main question on a large dump? Runs `agentobs cost --by user` as a whole process several times, checks
// every answer against the generator's truth, and prints throughput and peak memory of the median run.
//
//   npm run bench                     100 MB, 5 runs
//   npm run bench -- --mb 1000 --runs 3
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { generate } from './generate.js';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    mb: { type: 'string', default: '100' },
    runs: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
  },
});
const megabytes = Number(values.mb);
const runs = Number(values.runs);
if (!(megabytes > 0 && runs >= 1)) throw new Error('--mb and --runs must be positive numbers');
const program = join(root, 'bin/agentobs.js');
if (!existsSync(join(root, 'dist'))) throw new Error('There is no dist/: run "npm run build" first');

const dump = join(root, 'perf-data', `bench-${megabytes}mb-seed${values.seed}.jsonl`);
const truth = truthOf(dump);
console.log(
  `${megabytes} MB of OTLP JSON lines: ${count(truth.spans)} spans, ${count(truth.traces)} traces, ` +
    `${count(truth.calls)} llm calls, ${truth.users.length} users`,
);

const measured = [];
for (let run = 1; run <= runs; run++) {
  const result = await measure(['cost', '--by', 'user', '--format', 'json', '--no-config', dump]);
  check(JSON.parse(result.stdout));
  measured.push(result);
  console.log(`run ${run}: ${line(result)}`);
}
const median = measured.toSorted((a, b) => a.seconds - b.seconds)[Math.floor((runs - 1) / 2)];
console.log(`median: ${line(median)}   every answer equals the truth`);

/** The dump's truth; writes the dump first unless it is there, whole. */
function truthOf(file) {
  const truthFile = `${file}.truth.json`;
  if (existsSync(file) && existsSync(truthFile)) {
    const known = JSON.parse(readFileSync(truthFile, 'utf8'));
    if (known.bytes === statSync(file).size) return known;
  }
  return generate({ megabytes, seed: Number(values.seed), out: file });
}

function measure(args) {
  return new Promise((resolve, reject) => {
    const began = process.hrtime.bigint();
    const child = spawn(
      process.execPath,
      ['--require', join(root, 'bench/peak-memory.cjs'), program, ...args],
      { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] },
    );
    let stdout = '';
    let peak = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stdio[3].setEncoding('utf8').on('data', (text) => {
      peak += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = Number(process.hrtime.bigint() - began) / 1e9;
      if (code === 0) resolve({ seconds, peakMegabytes: Number(peak) / 1024, stdout });
      else reject(new Error(`agentobs ${args.join(' ')} ended with ${code}`));
    });
  });
}

/** Throws unless the answer is the truth, row by row and to the last digit. */
function check(answer) {
  const rows = new Map(answer.rows.map((row) => [row.key.user, row]));
  const spenders = truth.users.filter(({ calls }) => calls > 0);
  equal('rows', rows.size, spenders.length);
  for (const { user, calls, input, cached, output, pico } of spenders) {
    const row = rows.get(user) ?? {};
    equal(`calls of ${user}`, row.calls, calls);
    equal(`input tokens of ${user}`, row.input_tokens, input);
    equal(`cached tokens of ${user}`, row.cache_read_tokens, cached);
    equal(`output tokens of ${user}`, row.output_tokens, output);
    equal(`cost of ${user}`, picoOf(row.cost_usd), BigInt(pico));
  }
  equal('spans', answer.input.spans, truth.spans);
  equal('traces', answer.input.traces, truth.traces);
}

function equal(what, got, expected) {
  if (got !== expected) throw new Error(`wrong answer: ${what}: expected ${expected}, got ${got}`);
}

/** A decimal string of dollars in picodollars. */
function picoOf(usd) {
  if (typeof usd !== 'string') return usd;
  const [dollars, fraction = ''] = usd.split('.');
  return BigInt(dollars + fraction.padEnd(12, '0'));
}

function line({ seconds, peakMegabytes }) {
  return (
    `${seconds.toFixed(2)} s   ${count(truth.bytes / 1e6 / seconds)} MB/s   ` +
    `${count(truth.spans / seconds)} spans/s   peak ${count(peakMegabytes)} MB`
  );
}

function count(value) {
  return Math.round(value).toLocaleString('en');
}
