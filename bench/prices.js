// How long does it take to price ten million calls? The book is asked as a bill asks it, for the tariff of each kind of calls,
// and for a price where a tariff cannot tell: two dozen models, spans over two years, cached tokens, service tiers, tools. The
// sum is checked against the same calls priced one kind at a time.
//
//   node bench/prices.js              10 million calls
//   node bench/prices.js --calls 1e6 --json
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: { calls: { type: 'string', default: '1e7' }, json: { type: 'boolean', default: false } },
});
const calls = Number(values.calls);
if (!(calls >= 1)) throw new Error('--calls must be a positive number');
const built = (path) => import(pathToFileURL(join(root, 'build', path)));
const { createPriceBook } = await built('pricing/index.js');
const { CallBatch } = await built('model/call-batch.js');
const { CallTable } = await built('model/call-table.js');

const MODELS = [
  ['anthropic', 'claude-sonnet-4-20250514'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['anthropic', 'claude-opus-4-6'],
  ['anthropic', 'claude-haiku-4-5'],
  ['openai', 'gpt-4o'],
  ['openai', 'gpt-4o-mini'],
  ['openai', 'o3'],
  ['azure', 'gpt-4o'],
  ['gcp.gemini', 'gemini-2.5-pro'],
  ['gcp.vertex_ai', 'gemini-2.5-flash'],
  ['aws.bedrock', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0'],
  ['deepseek', 'deepseek-chat'],
  ['x_ai', 'grok-4'],
  ['mistral_ai', 'mistral-large-latest'],
  ['openrouter', 'anthropic/claude-sonnet-4'],
  [undefined, 'gpt-4.1'],
  [undefined, 'claude-3-5-haiku-20241022'],
  ['acme', 'house-1'],
];
const KINDS = 997;
const TWO_YEARS = 2 * 365 * 86_400;
const SINCE = BigInt(Date.parse('2024-09-01')) * 1_000_000n;

const kinds = Array.from({ length: KINDS }, (_, i) => {
  const [provider, model] = MODELS[i % MODELS.length];
  const uncachedInput = 200 + ((i * 7919) % 250_000);
  const cacheRead = (i * 104_729) % 50_000;
  return {
    provider,
    model,
    requestModel: model,
    serviceTier: i % 11 === 0 ? 'default' : undefined,
    embedding: false,
    usage: {
      reportedInput: uncachedInput + cacheRead,
      reportedOutput: 800,
      uncachedInput,
      cacheRead,
      cacheWrite5m: i % 5 === 0 ? 1000 : 0,
      cacheWrite1h: 0,
      output: 800,
      reasoning: 100,
      audioInput: 0,
      audioOutput: 0,
      webSearches: i % 50 === 0 ? 1 : 0,
      totalOnly: 0,
    },
    at: SINCE + BigInt((i * 15_485_863) % TWO_YEARS) * 1_000_000_000n,
  };
});

const book = createPriceBook();
const amountOf = (price) => (price.status === 'computed' ? price.amount : 0);
const once = kinds.map((kind) => BigInt(amountOf(book.priceOf(kind))));

const table = new CallTable();
const reported = new CallBatch();
reported.begin(kinds.length);
for (const [row, { usage }] of kinds.entries()) reported.add(row, usage, 0, Number.NaN, 0, 0, 0);
table.append(0, reported);
const starts = kinds.map(({ at }) => Number(at / 1_000_000_000n));
/** By the place of the model, as a bill has them by profile; service tiers have their own. */
const tariffs = [];

function priceOf(call) {
  const kind = kinds[call];
  const second = starts[call];
  const profile = (call % MODELS.length) * 2 + (kind.serviceTier === undefined ? 0 : 1);
  let tariff = tariffs[profile];
  if (tariff === undefined || second < tariff.from || second >= tariff.until) {
    tariff = book.tariffOf(kind, second);
    tariffs[profile] = tariff;
  }
  const amount = tariff.amountOf(table.usage, call);
  return Number.isNaN(amount) ? amountOf(book.priceOf(kind)) : amount;
}

const began = process.hrtime.bigint();
let dollars = 0;
let pico = 0;
for (let i = 0; i < calls; i++) {
  pico += priceOf(i % KINDS);
  const whole = Math.floor(pico / 1e12);
  dollars += whole;
  pico -= whole * 1e12;
}
const seconds = Number(process.hrtime.bigint() - began) / 1e9;

const expected = once.reduce(
  (sum, amount, i) => sum + amount * BigInt(Math.floor(calls / KINDS) + (i < calls % KINDS ? 1 : 0)),
  0n,
);
if (BigInt(dollars) * 1_000_000_000_000n + BigInt(pico) !== expected) throw new Error('the sums differ');
const each = Math.round((seconds / calls) * 1e9);
if (values.json) console.log(JSON.stringify({ millionsPerSecond: calls / seconds / 1e6 }));
else console.log(`${calls} calls priced in ${seconds.toFixed(1)} s, ${each} ns each; the sum is exact`);
