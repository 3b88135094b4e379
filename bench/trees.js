// What do assembled traces need? Puts spans as `cost --by user` and `trace list` know them into the table, as readers of rows
// do, a hundred traces interleaved, links them into trees, attributes and bills them; prints bytes a span of all that is kept,
// and the time to link.
//
//   node bench/trees.js --spans 1e6

import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FLAG, ROW, ROW_WORDS, SpanTable } from '../build/model/index.js';
import { RESOURCE_IDENTITY } from '../build/normalize/index.js';
import { createPriceBook } from '../build/pricing/index.js';
import { assemble, attribute, bill } from '../build/trace/index.js';
import { randomOf } from './corpus/random.js';

const { values } = parseArgs({ options: { spans: { type: 'string', default: '1e6' } } });
const count = Number(values.spans);
if (!(count >= 1)) throw new Error('--spans must be a positive number');

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const used = () => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const MODELS = [
  ['openai', 'gpt-4o-2024-08-06'],
  ['openai', 'gpt-4o-mini-2024-07-18'],
  ['anthropic', 'claude-sonnet-4-20250514'],
];
const TOOLS = ['web_search', 'read_file', 'run_tests', 'sql_query'];
const [GATEWAY, RUNTIME, TOOL_SERVER] = ['gateway', 'agent-runtime', 'tool-server'].map((service) => ({
  attributes: new Map([['service.name', service]]),
}));
const START = 1_750_000_000;
const IN_FLIGHT = 100;
const SPANS_A_TRACE = 12;
const ASSERTED = 1;

const random = randomOf(1);
const before = used();
const table = new SpanTable();
const root = profile('invoke_agent planner', 'agent', GATEWAY, { operation: 'invoke_agent' });
const calls = MODELS.map(([provider, model]) =>
  profile(`chat ${model}`, 'llm', RUNTIME, { operation: 'chat', model, requestModel: model, provider }),
);
const tools = TOOLS.map((tool) =>
  profile('execute_tool', 'tool', TOOL_SERVER, { operation: 'execute_tool', tool }),
);
const rule = table.strings.id('no_cache');
const words = new Uint32Array(ROW_WORDS);
const doubles = new Float64Array(words.buffer);
const inFlight = Array.from({ length: IN_FLIGHT }, newTrace);
for (let made = 0; made < count; made++) {
  const slot = made % IN_FLIGHT;
  const trace = inFlight[slot];
  addSpan(trace, made);
  if (trace.left === 0) inFlight[slot] = newTrace();
}

const began = process.hrtime.bigint();
const forest = assemble(table);
const linkMicroseconds = Number(process.hrtime.bigint() - began) / 1000 / count;
const attribution = attribute(forest, RESOURCE_IDENTITY);
let named = 0;
for (let p = 0; p < forest.length; p++) if (attribution.user(p) !== 0) named++;
const billed = bill(forest, createPriceBook(), 'auto');
const bytesPerSpan = (used() - before) / count;
console.log(JSON.stringify({ bytesPerSpan, linkMicroseconds }));
// They are kept until here.
if (![forest, attribution, billed].every(Boolean)) throw new Error('nothing was made');
// Roots of the last traces are not made any more.
if (named < count - IN_FLIGHT * 2 * SPANS_A_TRACE)
  throw new Error(`${named} spans have a user, ${count} made`);
if (forest.length !== count) throw new Error(`${forest.length} spans in trees, ${count} made`);

function profile(name, kind, resource, text) {
  return table.profile({
    name,
    kind,
    status: 'unset',
    spanKind: 'internal',
    dialect: 'otel-genai',
    resource,
    half: undefined,
    attempt: undefined,
    text,
  });
}

function newTrace() {
  const spans = 1 + random.below(2 * SPANS_A_TRACE - 1);
  const ids = Array.from({ length: spans }, () => [word(), word()]);
  return { id: [word(), word(), word(), word()], ids, left: spans, user: random.below(300) };
}

function word() {
  return random.below(2 ** 32);
}

/** The spans of a trace from the last to the root, each below an earlier one. */
function addSpan(trace, made) {
  const index = --trace.left;
  const isRoot = index === 0;
  const isCall = !isRoot && random.next() < 0.55;
  const milliseconds = made - index;
  words.set(trace.id, ROW.traceId);
  words.set(trace.ids[index], ROW.spanId);
  words.set(isRoot ? [0, 0] : trace.ids[random.below(index)], ROW.parentId);
  words[ROW.startSecond] = START + Math.floor(milliseconds / 1000);
  words[ROW.startNano] = (milliseconds % 1000) * 1_000_000;
  const flags = FLAG.hasStart | FLAG.hasEnd | (isRoot ? 0 : FLAG.hasParent);
  const means = isRoot ? root : random.pick(isCall ? calls : tools);
  doubles[ROW.duration / 2] = 1 + random.below(5_000_000_000);
  const row = table.pushRows({ words, doubles }, 0, Uint32Array.of(means), Uint32Array.of(flags), 1);
  if (isRoot) {
    table.setText('user', row, table.strings.id(`user-${trace.user}@example.org`));
    table.setText('session', row, table.strings.id(`session-${made % 5000}`));
    table.setText('agent', row, table.strings.id('planner'));
  }
  const cost = 1_000_000 * (1 + random.below(30_000));
  if (isCall) table.setCall(row, usageOf(), rule, cost, ASSERTED, word(), word());
}

function usageOf() {
  const reportedInput = 100 + random.below(9000);
  const cacheRead = random.next() < 0.4 ? random.below(reportedInput) : 0;
  const output = 5 + random.below(1500);
  return {
    reportedInput,
    reportedOutput: output,
    uncachedInput: reportedInput - cacheRead,
    cacheRead,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    output,
    reasoning: 0,
    audioInput: 0,
    audioOutput: 0,
    webSearches: 0,
    totalOnly: 0,
  };
}
