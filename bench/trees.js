// What do assembled traces need? Puts spans as `cost --by user` and `trace list` know them into the table, a hundred traces
// interleaved, links them into trees, attributes and bills them; prints bytes a span of all that is kept, and the time to link.
//
//   node bench/trees.js --spans 1e6

import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { instant, SpanTable } from '../build/model/index.js';
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
const RESOURCES = ['gateway', 'agent-runtime', 'tool-server'].map((service) => ({
  attributes: new Map([['service.name', service]]),
}));
const SCOPE = { name: 'agent-runtime', version: '2.4.0' };
const START = 1_750_000_000_000_000_000n;
const IN_FLIGHT = 100;
const SPANS_A_TRACE = 12;

const random = randomOf(1);
const before = used();
const table = new SpanTable();
const inFlight = Array.from({ length: IN_FLIGHT }, newTrace);
for (let made = 0; made < count; made++) {
  const slot = made % IN_FLIGHT;
  const trace = inFlight[slot];
  table.push(nextSpan(trace, made));
  if (trace.left === 0) inFlight[slot] = newTrace();
}

const began = process.hrtime.bigint();
const forest = assemble(table);
const linkMicroseconds = Number(process.hrtime.bigint() - began) / 1000 / count;
const attribution = attribute(forest, RESOURCE_IDENTITY);
const billed = bill(forest, createPriceBook(), 'auto');
const bytesPerSpan = (used() - before) / count;
console.log(JSON.stringify({ bytesPerSpan, linkMicroseconds }));
// They are kept until here.
if (![forest, attribution, billed].every(Boolean)) throw new Error('nothing was made');
if (forest.length !== count) throw new Error(`${forest.length} spans in trees, ${count} made`);

function newTrace() {
  const spans = 1 + random.below(2 * SPANS_A_TRACE - 1);
  const ids = Array.from({ length: spans }, () => random.hex(16));
  return { id: random.hex(32), ids, left: spans, user: `user-${random.below(300)}@example.org` };
}

/** The spans of a trace from the last to the root, each below an earlier one. */
function nextSpan(trace, made) {
  const index = --trace.left;
  const isRoot = index === 0;
  const isCall = !isRoot && random.next() < 0.55;
  const [provider, model] = random.pick(MODELS);
  const start = START + BigInt(made - index) * 1_000_000n;
  const span = {
    traceId: trace.id,
    spanId: trace.ids[index],
    parentSpanId: isRoot ? undefined : trace.ids[random.below(index)],
    name: isRoot ? 'invoke_agent planner' : isCall ? `chat ${model}` : 'execute_tool',
    kind: 'internal',
    start: instant(start),
    end: instant(start + BigInt(1 + random.below(5_000_000_000))),
    status: 'unset',
    statusMessage: undefined,
    attributes: new Map(),
    events: [],
    links: [],
    resource: RESOURCES[isRoot ? 0 : isCall ? 1 : 2],
    scope: SCOPE,
  };
  const known = { operation: isCall ? 'chat' : isRoot ? 'invoke_agent' : 'execute_tool' };
  const text = isRoot
    ? { ...known, user: trace.user, session: `session-${made % 5000}`, agent: 'planner' }
    : isCall
      ? { ...known, model, requestModel: model, provider }
      : { ...known, tool: random.pick(TOOLS) };
  return {
    span,
    kind: isRoot ? 'agent' : isCall ? 'llm' : 'tool',
    dialect: 'otel-genai',
    failed: false,
    error: undefined,
    text,
    usage: isCall ? usageOf() : undefined,
    aggregateUsage: false,
    recordedCost: isCall
      ? { amount: 1_000_000 * (1 + random.below(30_000)), authority: 'asserted' }
      : undefined,
    responseId: isCall ? `resp_${random.hex(24)}` : undefined,
  };
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
