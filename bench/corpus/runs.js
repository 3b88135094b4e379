import { flag, list, nested, real, text, weightOf, whole } from './attributes.js';
import { costOf, MODELS } from './models.js';
import { DIALECT_MIX, genAi } from './vocabularies.js';

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
const START = 1_750_000_000_000_000_000n;
const MICRO = 1000n;

/** What the spans of a corpus look like. */
const MIXES = {
  /** One vocabulary, its costs recorded. */
  plain: { vocabularies: [genAi] },
  /** Four vocabularies, nothing recorded: every call is priced. */
  dialects: { vocabularies: DIALECT_MIX },
  /** A dozen more attributes on every span, of types and names that nobody reads. */
  attributes: { vocabularies: [genAi], further: true },
  /** Prompts and answers six times as long: the same spans in about five times the text. */
  long: { vocabularies: [genAi], textScale: 6 },
};

/**
 * One run: a root agent with calls of models, tools and sub-agents below it, as spans in the order they end.
 * `call` of a span is what it adds to the bill.
 */
export function makeRun(random, prose, number, mix) {
  const { vocabularies, further = false, textScale = 1 } = MIXES[mix];
  const traceId = random.hex(32);
  const user = `user-${Math.floor(USERS * random.next() ** 2)}@example.org`;
  const speak = vocabularies[number % vocabularies.length];
  const models = MODELS.filter(({ provider }) => speak.provider === undefined || provider === speak.provider);
  const shared = sharedBy(random, number);
  const spans = [];
  let clock = START + BigInt(number) * 40_000n * MICRO + BigInt(random.below(1000));
  const pass = (from, to) => {
    clock += BigInt(from + random.below(to - from)) * MICRO + BigInt(random.below(1000));
    return clock;
  };
  const long = (chance, from, to) =>
    random.next() < chance ? prose(from * textScale, to * textScale) : undefined;
  const end = (span, { name, attributes }, wait) => {
    const all = [...attributes, ...shared, ...(further ? furtherOf(random) : [])];
    const weight = all.reduce((sum, attribute) => sum + weightOf(attribute), 290);
    spans.push({
      traceId,
      kind: 1,
      scope: speak.scope,
      ...span,
      name,
      end: pass(...wait),
      attributes: all,
      weight,
    });
  };

  const agent = (parent, depth, known) => {
    const spanId = random.hex(16);
    const start = pass(50, 2000);
    const first = spans.length;
    const name = random.pick(AGENTS);
    llm(spanId);
    for (let step = 1 + random.below(9); step > 0; step--) {
      const choice = random.next();
      if (choice < 0.45) llm(spanId);
      else if (choice < 0.92 || depth === 3) tool(spanId);
      else agent(spanId, depth + 1);
    }
    const facts = {
      agent: name,
      id: `agent_${random.hex(12)}`,
      depth,
      goal: prose(40, 160),
      user: known,
      sums: sumsOf(spans.slice(first)),
    };
    const service = depth === 0 ? SERVICES[2] : SERVICES[0];
    end({ spanId, parent, start, service, kind: depth === 0 ? 2 : 1 }, speak.agent(facts), [50, 500]);
  };

  const llm = (parent) => {
    const spanId = random.hex(16);
    const start = pass(50, 2000);
    const model = random.pick(models);
    const input = 100 + random.below(9000);
    const call = {
      input,
      cached: random.next() < 0.4 ? random.below(input) : 0,
      output: 5 + random.below(1500),
    };
    call.pico = costOf(model, call);
    const facts = {
      ...model,
      ...call,
      id: random.hex(24),
      prompt: long(0.45, 200, 8000),
      answer: long(0.45, 200, 4000),
      detailed: random.next() < 0.4,
    };
    end(
      { spanId, parent, start, service: SERVICES[0], kind: 3, call },
      speak.llm(facts),
      [200_000, 6_000_000],
    );
  };

  const tool = (parent) => {
    const spanId = random.hex(16);
    const start = pass(50, 2000);
    const name = random.pick(TOOLS);
    if (random.next() < 0.1) llm(spanId);
    const facts = {
      tool: name,
      id: random.hex(16),
      description: prose(30, 90),
      args: long(0.4, 20, 200),
      result: long(0.3, 200, 2500),
      failure: random.next() < 0.05 ? prose(20, 80) : undefined,
    };
    const span = { spanId, parent, start, service: SERVICES[1], failure: facts.failure };
    end(span, speak.tool(facts), [1000, 1_500_000]);
  };

  agent(undefined, 0, user);
  return { traceId, user, spans };
}

function sumsOf(spans) {
  const sums = { input: 0, cached: 0, output: 0 };
  for (const { call } of spans) if (call !== undefined) for (const key in sums) sums[key] += call[key];
  return sums;
}

const sharedBy = (random, number) => [
  text('session.id', `session-${number % 5000}`),
  text('gen_ai.conversation.id', random.hex(24)),
  text('app.release', '2025.06.2'),
  text('deployment.region', random.pick(['eu-west-1', 'us-east-1'])),
  whole('thread.id', 140_000_000 + (number % 997)),
  flag('app.canary', number % 10 === 0),
];

function furtherOf(random) {
  const attributes = [
    text('code.file.path', `/srv/app/steps/${random.hex(6)}.py`),
    whole('code.line.number', random.below(2000)),
    text('app.tenant', `tenant-${random.below(900)}`),
    real('app.load', (random.below(10_000) / 1000).toFixed(3)),
    flag('app.retry', random.next() < 0.1),
    list('app.tags', ['beta', 'eu', random.hex(6)]),
    nested('app.flags', [
      text('a', random.hex(4)),
      flag('b', true),
      nested('c', [whole('d', random.below(9))]),
    ]),
    text('thread.name', `asyncio_${random.below(8)}`),
    text('user_agent.name', 'агент'),
    text('key "with" quotes', 'x\ty'),
    whole('app.queue.milliseconds', random.below(4000)),
    text('process.runtime.name', 'cpython'),
  ];
  return attributes.slice(random.below(3));
}

const SHAPES = {
  /** Every span is the parent of the next. */
  deep: (index) => (index === 0 ? undefined : index - 1),
  /** One root with all other spans below it. */
  wide: (index) => (index === 0 ? undefined : 0),
  /** Ten spans a trace, for comparison. */
  usual: (index) => (index % 10 === 0 ? undefined : index - (index % 10)),
};

/** Runs of a given shape made of `count` calls with nothing but what a bill needs; spans in the order they end. */
export function* shapedRuns(random, shape, count) {
  const perRun = shape === 'usual' ? 10 : count;
  for (let from = 0; from < count; from += perRun) {
    const traceId = random.hex(32);
    const user = `user-${random.below(USERS)}@example.org`;
    const ids = [];
    const spans = [];
    for (let index = from; index < Math.min(count, from + perRun); index++) {
      ids.push(random.hex(16));
      const model = MODELS[index % MODELS.length];
      const call = { input: 100 + random.below(9000), cached: 0, output: 5 + random.below(1500) };
      call.pico = costOf(model, call);
      const parent = SHAPES[shape](index);
      const named = genAi.llm({ ...model, ...call, id: random.hex(24), detailed: false });
      const attributes =
        parent === undefined ? [...named.attributes, text('user.id', user)] : named.attributes;
      const start = START + BigInt(index) * MICRO;
      // All of a run's spans end when its root does, the innermost first.
      const end = START + BigInt(2 * count - (index - from)) * MICRO;
      spans.push({
        traceId,
        spanId: ids.at(-1),
        parent: parent === undefined ? undefined : ids[parent - from],
        kind: 3,
        scope: genAi.scope,
        service: SERVICES[0],
        ...named,
        attributes,
        start,
        end,
        call,
        weight: 1000,
      });
    }
    yield { traceId, user, spans: spans.reverse() };
  }
}
