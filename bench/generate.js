// Writes a dump of agent runs as OTLP JSON lines, the way a collector's file exporter leaves it behind: spans in the order
// they ended, so every root (the only span that names the user) comes last, and many runs interleaved.
// The same size and seed give the same bytes. The truth beside it says what any correct answer must be.
//
//   node bench/generate.js --mb 100 --out perf-data/bench-100mb.jsonl
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/** Providers, models and list prices in 2025, in picodollars a token: uncached input, cached input, output. */
const MODELS = [
  {
    provider: 'openai',
    model: 'gpt-4o-2024-08-06',
    input: 2_500_000n,
    cached: 1_250_000n,
    output: 10_000_000n,
  },
  { provider: 'openai', model: 'gpt-4o-mini-2024-07-18', input: 150_000n, cached: 75_000n, output: 600_000n },
  {
    provider: 'anthropic',
    model: 'claude-sonnet-4-20250514',
    input: 3_000_000n,
    cached: 300_000n,
    output: 15_000_000n,
  },
];
const AGENTS = ['planner', 'researcher', 'coder', 'reviewer', 'support'];
const TOOLS = [
  'web_search',
  'read_file',
  'run_tests',
  'sql_query',
  'send_mail',
  'fetch_page',
  'create_ticket',
];
const SERVICES = ['agent-runtime', 'tool-server', 'gateway'];
const USERS = 300;
const RUNS_IN_FLIGHT = 32;
const START = 1_750_000_000_000_000_000n;
const MICRO = 1000n;

/** Writes the dump and `<out>.truth.json`; returns the truth. */
export function generate({ megabytes, out, seed = 1 }) {
  const random = generator(seed);
  const prose = proseOf(random);
  const truth = { bytes: 0, spans: 0, traces: 0, calls: 0, users: new Map() };
  mkdirSync(dirname(out), { recursive: true });
  const file = openSync(out, 'w');
  const target = megabytes * 1_000_000;
  let chunk = '';
  const flush = () => {
    const bytes = Buffer.from(chunk);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    truth.bytes += bytes.length;
    chunk = '';
  };

  const inFlight = [];
  for (let number = 0; truth.bytes + chunk.length < target || inFlight.length > 0; ) {
    while (inFlight.length < RUNS_IN_FLIGHT && truth.bytes + chunk.length < target)
      inFlight.push({ spans: run(random, prose, number++, truth), sent: 0 });
    const slot = random.below(inFlight.length);
    const { spans, sent } = inFlight[slot];
    const batch = spans.slice(sent, sent + 1 + random.below(12));
    chunk += `${request(batch)}\n`;
    inFlight[slot].sent += batch.length;
    if (inFlight[slot].sent === spans.length) inFlight.splice(slot, 1);
    if (chunk.length > 4_000_000) flush();
  }
  flush();
  closeSync(file);

  const users = [...truth.users].map(([user, sums]) => ({ user, ...sums, pico: String(sums.pico) }));
  const written = { ...truth, seed, users };
  writeFileSync(`${out}.truth.json`, `${JSON.stringify(written)}\n`);
  return written;
}

/** One run: a root agent with llm calls, tools and sub-agents below it, in the order the spans end. */
function run(random, prose, number, truth) {
  const traceId = random.hex(32);
  const user = `user-${Math.floor(USERS * random.next() ** 2)}@example.org`;
  const shared = [
    text('session.id', `session-${number % 5000}`),
    text('gen_ai.conversation.id', random.hex(24)),
    text('app.release', '2025.06.2'),
    text('deployment.region', random.pick(['eu-west-1', 'us-east-1'])),
    whole('thread.id', 140_000_000 + (number % 997)),
    flag('app.canary', number % 10 === 0),
  ];
  const ended = [];
  let clock = START + BigInt(number) * 40_000n * MICRO;
  const pass = (from, to) => {
    clock += BigInt(from + random.below(to - from)) * MICRO;
    return clock;
  };
  const sums = truth.users.get(user) ?? { calls: 0, input: 0, cached: 0, output: 0, pico: 0n };
  truth.users.set(user, sums);

  const agent = (parent, depth, extra) => {
    const spanId = random.hex(16);
    const start = pass(50, 2000);
    const name = random.pick(AGENTS);
    for (let step = 2 + random.below(9); step > 0; step--) {
      const choice = random.next();
      if (choice < 0.5) llm(spanId);
      else if (choice < 0.92 || depth === 3) tool(spanId);
      else agent(spanId, depth + 1, []);
    }
    const attributes = [
      text('gen_ai.operation.name', 'invoke_agent'),
      text('gen_ai.agent.name', name),
      text('gen_ai.agent.id', `agent_${random.hex(12)}`),
      text('agent.framework', 'in-house'),
      text('agent.goal', prose(40, 160)),
      whole('agent.depth', depth),
      ...shared,
      ...extra,
    ];
    ended.push({
      traceId,
      spanId,
      parent,
      name: `invoke_agent ${name}`,
      start,
      end: pass(50, 500),
      attributes,
    });
  };

  const llm = (parent) => {
    const spanId = random.hex(16);
    const start = pass(50, 2000);
    const { provider, model, ...price } = random.pick(MODELS);
    const input = 100 + random.below(9000);
    const cached = random.next() < 0.4 ? random.below(input) : 0;
    const output = 5 + random.below(1500);
    sums.calls++;
    sums.input += input;
    sums.cached += cached;
    sums.output += output;
    sums.pico +=
      BigInt(input - cached) * price.input + BigInt(cached) * price.cached + BigInt(output) * price.output;
    truth.calls++;
    const attributes = [
      text('gen_ai.operation.name', 'chat'),
      text('gen_ai.provider.name', provider),
      text('gen_ai.request.model', model),
      text('gen_ai.response.model', model),
      text('gen_ai.response.id', `resp_${random.hex(24)}`),
      real('gen_ai.request.temperature', random.pick([0, 0.2, 0.7])),
      whole('gen_ai.request.max_tokens', 4096),
      list('gen_ai.response.finish_reasons', [random.pick(['stop', 'tool_calls'])]),
      ...shared,
    ];
    if (random.next() < 0.6)
      attributes.push(text('gen_ai.input.messages', messages('user', prose(500, 9000))));
    attributes.push(whole('gen_ai.usage.input_tokens', input), whole('gen_ai.usage.output_tokens', output));
    if (cached > 0) attributes.push(whole('gen_ai.usage.cache_read.input_tokens', cached));
    if (random.next() < 0.6)
      attributes.push(text('gen_ai.output.messages', messages('assistant', prose(50, 3000))));
    if (random.next() < 0.4) {
      attributes.push(
        text('server.address', `api.${provider}.com`),
        whole('server.port', 443),
        text('http.request.method', 'POST'),
        whole('http.response.status_code', 200),
        text('url.path', '/v1/messages'),
        text('user_agent.original', 'agent-runtime/2.4'),
        real('gen_ai.request.top_p', 0.95),
        flag('gen_ai.request.stream', true),
        text('network.protocol.version', '1.1'),
        text('openai.response.system_fingerprint', random.hex(10)),
        whole('app.attempts', 1),
      );
    }
    ended.push({
      traceId,
      spanId,
      parent,
      name: `chat ${model}`,
      start,
      end: pass(200_000, 6_000_000),
      attributes,
    });
  };

  const tool = (parent) => {
    const spanId = random.hex(16);
    const start = pass(50, 2000);
    const name = random.pick(TOOLS);
    if (random.next() < 0.1) llm(spanId);
    const failed = random.next() < 0.05;
    const attributes = [
      text('gen_ai.operation.name', 'execute_tool'),
      text('gen_ai.tool.name', name),
      text('gen_ai.tool.call.id', `call_${random.hex(16)}`),
      text('gen_ai.tool.type', 'function'),
      text('gen_ai.tool.description', prose(30, 90)),
      text('code.function.name', name),
      ...shared,
    ];
    if (random.next() < 0.4)
      attributes.push(text('gen_ai.tool.call.arguments', `{"query":${quoted(prose(20, 200))}}`));
    if (random.next() < 0.3) attributes.push(text('gen_ai.tool.call.result', prose(200, 2500)));
    if (failed) attributes.push(text('error.type', 'ToolError'));
    ended.push({
      traceId,
      spanId,
      parent,
      name: `execute_tool ${name}`,
      start,
      end: pass(1000, 1_500_000),
      attributes,
      failure: failed ? prose(20, 80) : undefined,
    });
  };

  agent(undefined, 0, [text('user.id', user)]);
  truth.spans += ended.length;
  truth.traces++;
  return ended;
}

function request(spans) {
  const service = SERVICES[spans.length % SERVICES.length];
  const resource = [
    text('service.name', service),
    text('service.version', '2.4.0'),
    text('telemetry.sdk.language', 'nodejs'),
    text('telemetry.sdk.name', 'opentelemetry'),
    text('deployment.environment.name', 'production'),
    text('host.name', `host-${service}`),
  ];
  return (
    `{"resourceSpans":[{"resource":{"attributes":[${resource.join(',')}]},` +
    `"scopeSpans":[{"scope":{"name":"agent-runtime","version":"2.4.0"},"spans":[${spans.map(span).join(',')}]}]}]}`
  );
}

function span({ traceId, spanId, parent, name, start, end, attributes, failure }) {
  const status = failure === undefined ? '{}' : `{"code":2,"message":${quoted(failure)}}`;
  const event =
    failure === undefined
      ? ''
      : `,"events":[{"timeUnixNano":"${end}","name":"exception","attributes":[${text('exception.type', 'ToolError')}]}]`;
  return (
    `{"traceId":"${traceId}","spanId":"${spanId}","parentSpanId":"${parent ?? ''}","flags":257,"name":"${name}",` +
    `"kind":1,"startTimeUnixNano":"${start}","endTimeUnixNano":"${end}",` +
    `"attributes":[${attributes.join(',')}]${event},"status":${status}}`
  );
}

// Attributes are made as JSON text straight away; keys hold nothing that needs escaping.
const text = (key, value) => `{"key":"${key}","value":{"stringValue":${quoted(value)}}}`;
const whole = (key, value) => `{"key":"${key}","value":{"intValue":"${value}"}}`;
const real = (key, value) => `{"key":"${key}","value":{"doubleValue":${value}}}`;
const flag = (key, value) => `{"key":"${key}","value":{"boolValue":${value}}}`;
const list = (key, values) =>
  `{"key":"${key}","value":{"arrayValue":{"values":[${values.map((value) => `{"stringValue":"${value}"}`)}]}}}`;
const quoted = (value) => JSON.stringify(value);
const messages = (role, content) =>
  `[{"role":"${role}","parts":[{"type":"text","content":${quoted(content)}}]}]`;

/** A function that cuts deterministic prose of a given length out of one long text with quotes, escapes and umlauts. */
function proseOf(random) {
  const words = [
    'the',
    'agent',
    'reads',
    'ledger',
    'Zürich',
    '"quoted"',
    'C:\\temp',
    '→',
    'tokens',
    'retry',
    'naïve',
  ];
  words.push(
    '{"traceId":"0"}',
    'invoice',
    'deploy',
    'while',
    'checking',
    'answer',
    '\n',
    'latency',
    'budget',
    '漢字',
  );
  let pool = '';
  while (pool.length < 200_000) pool += `${random.pick(words)} `;
  return (from, to) => {
    const length = from + random.below(to - from);
    const at = random.below(pool.length - length);
    return pool.slice(at, at + length);
  };
}

/** Small deterministic random numbers (mulberry32). */
function generator(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit) => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: (values) => values[below(values.length)],
    hex: (digits) => {
      let id = '';
      while (id.length < digits) id += ((next() * 2 ** 32) >>> 0).toString(16).padStart(8, '0');
      return id.slice(0, digits);
    },
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: {
      mb: { type: 'string', default: '100' },
      seed: { type: 'string', default: '1' },
      out: { type: 'string', default: 'perf-data/bench.jsonl' },
    },
  });
  const truth = generate({ megabytes: Number(values.mb), seed: Number(values.seed), out: values.out });
  console.log(`${values.out}: ${truth.bytes} bytes, ${truth.spans} spans, ${truth.traces} traces`);
}
