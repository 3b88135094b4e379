import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { carriedCosts } from '../../src/analyses/carried.ts';
import {
  type Pico,
  type Price,
  type PricedCall,
  SpanTable,
  TOOL_RESULT_SIZE,
  type Usage,
} from '../../src/model/index.ts';
import { assemble, attribute, bill } from '../../src/trace/index.ts';
import { agentSpan, type Sketch, spanId } from '../trace/table.ts';

// USD per million tokens: $4 for a fresh token of the prompt, $1 from the cache, $5 into the cache, $20 of an answer.
// A microdollar is 1,000,000 picodollars, so a rate of $4 is 4 microdollars a token.
const RATES = { input: 4e6, cache_read: 1e6, cache_write: 5e6, output: 20e6 };

function priceOf({ model, usage }: PricedCall): Price {
  if (model === 'unknown') return { status: 'unpriced', reason: 'unknown_model', hint: undefined };
  const rates = model === 'gift' ? { ...RATES, input: 0 } : RATES;
  const counts = {
    input: usage.uncachedInput,
    cache_read: usage.cacheRead,
    cache_write: usage.cacheWrite5m,
    output: usage.output,
  };
  const lines = (Object.keys(RATES) as (keyof typeof RATES)[]).flatMap((bucket) =>
    counts[bucket] === 0
      ? []
      : [
          {
            bucket,
            tokens: counts[bucket],
            rate: rates[bucket],
            amount: (counts[bucket] * rates[bucket]) as Pico,
          },
        ],
  );
  const amount = lines.reduce((sum, line) => sum + line.amount, 0) as Pico;
  return {
    status: 'computed',
    amount,
    lines,
    match: { layer: 'catalogue', row: 'test/m', kind: 'exact', assumptions: [] },
  };
}

type Scene = Sketch & { readonly size?: number };

function dataOf(scenes: readonly Scene[]) {
  const table = new SpanTable();
  for (const { size, ...sketch } of scenes)
    table.push(agentSpan(sketch), size === undefined ? undefined : new Map([[TOOL_RESULT_SIZE, `${size}`]]));
  const forest = assemble(table);
  const nobody = { user: [], organization: [], workspace: [], session: [], workflow: [] };
  return { forest, attribution: attribute(forest, nobody), bill: bill(forest, { priceOf }, 'auto') };
}

/** What every tool carries, by its id; money in microdollars. */
function carried(scenes: readonly Scene[]) {
  const data = dataOf(scenes);
  const { of, ...rest } = carriedCosts(data);
  const tools = Object.fromEntries(
    [...of].map(([position, carry]) => [
      data.forest.table.spanIdOf(data.forest.row[position]!),
      'unknown' in carry
        ? carry.unknown
        : {
            ...carry,
            cached: Number(carry.cached) / 1e6,
            uncached: Number(carry.uncached) / 1e6,
          },
    ]),
  );
  return { ...rest, of: (id: string) => tools[spanId(id)] };
}

const agent: Scene = { id: 'a', kind: 'agent', from: 0, to: 100_000 };
const call = (id: string, from: number, usage: Partial<Usage>, more: Partial<Scene> = {}): Scene => ({
  id,
  parent: 'a',
  kind: 'llm',
  from,
  to: from + 500,
  text: { model: 'm' },
  usage,
  ...more,
});
const tool = (id: string, from: number, more: Partial<Scene> = {}): Scene => ({
  id,
  parent: 'a',
  kind: 'tool',
  from,
  to: from + 100,
  ...more,
});

describe('by hand', () => {
  // Call 1: prompt 1,000, answer 50 with 10 tokens of thought that do not come back.
  // Call 2: prompt 1,340 = 1,000 + 40 + 300: the result of b1 is the tokens 1,040 to 1,340.
  // Call 3: prompt 1,800 = 1,340 + 60 + 400, of two results that are told to be 3 and 1 large: 300 and 100.
  //         b2 is 1,400 to 1,700, b3 is 1,700 to 1,800. The cache holds the first 1,240.
  // Call 4: prompt 1,900: 100 of what nobody saw. The cache holds 1,600 and is given 150 more.
  const scenes = [
    agent,
    call('1', 0, { uncachedInput: 1_000, output: 50, reasoning: 10 }),
    tool('b1', 600),
    call('2', 1_000, { uncachedInput: 1_340, output: 60 }),
    tool('b2', 1_600, { size: 3_000 }),
    tool('b3', 1_601, { size: 1_000 }),
    call('3', 2_000, { uncachedInput: 560, cacheRead: 1_240, output: 0 }),
    call('4', 3_000, { uncachedInput: 150, cacheRead: 1_600, cacheWrite5m: 150, output: 5 }),
  ];

  it('a result is as long as the prompt grew beyond the answer, and costs again in every later prompt', () => {
    // Call 2: 300 fresh = 1,200. Call 3: 200 cached = 200, 100 fresh = 400. Call 4: 300 cached = 300.
    expect(carried(scenes).of('b1')).toEqual({
      tokens: 300,
      reads: 3,
      cached: 200 + 300,
      uncached: 1_200 + 400,
      unpricedReads: 0,
    });
  });

  it('results that came back together share by their sizes', () => {
    // Call 3: 300 fresh = 1,200. Call 4: 200 cached = 200, 100 into the cache = 500.
    expect(carried(scenes).of('b2')).toEqual({
      tokens: 300,
      reads: 2,
      cached: 200,
      uncached: 1_200 + 500,
      unpricedReads: 0,
    });
    // Call 3: 100 fresh = 400. Call 4: 50 into the cache = 250, 50 fresh = 200.
    expect(carried(scenes).of('b3')).toEqual({
      tokens: 100,
      reads: 2,
      cached: 0,
      uncached: 400 + 250 + 200,
      unpricedReads: 0,
    });
    expect(carried(scenes)).toMatchObject({ conversations: 1, sharedEqually: 0 });
  });

  it('and equally where nobody tells their sizes', () => {
    const untold = scenes.map(({ size: _, ...scene }) => scene);
    expect(carried(untold).sharedEqually).toBe(2);
    expect([carried(untold).of('b2'), carried(untold).of('b3')]).toMatchObject([
      { tokens: 200 },
      { tokens: 200 },
    ]);
  });

  it('a recorded cost scales what a token cost', () => {
    // The prices make call 2 1,340 × 4 + 60 × 20 = 6,560; half of it was recorded.
    const cheap = scenes
      .slice(0, 4)
      .map((scene) => (scene.id === '2' ? { ...scene, recorded: 0.00328 } : scene));
    expect(carried(cheap).of('b1')).toMatchObject({ reads: 1, uncached: 600 });
  });

  it('a recorded cost of what the prices make nothing of tells no rate', () => {
    const gift = { text: { model: 'gift' } };
    const found = carried([
      agent,
      call('1', 0, { uncachedInput: 1_000, output: 50 }, gift),
      tool('b1', 600),
      call('2', 1_000, { uncachedInput: 1_340 }, { ...gift, recorded: 0.01, authority: 'billed' }),
    ]);
    expect(found.of('b1')).toMatchObject({ reads: 1, uncached: 0, unpricedReads: 1 });
  });

  it('a read by a call without a price is counted, not priced', () => {
    const dear = scenes.map((scene) =>
      scene.kind === 'llm' ? { ...scene, text: { model: 'unknown' } } : scene,
    );
    expect(carried(dear).of('b1')).toEqual({
      tokens: 300,
      reads: 3,
      cached: 0,
      uncached: 0,
      unpricedReads: 3,
    });
  });
});

describe('what a conversation is', () => {
  it('ends where the prompt shrinks: nobody knows what is left of the results', () => {
    const found = carried([
      agent,
      call('1', 0, { uncachedInput: 1_000, output: 50 }),
      tool('b1', 600),
      call('2', 1_000, { uncachedInput: 5_000, output: 50 }),
      tool('b2', 1_600),
      call('3', 2_000, { uncachedInput: 900, output: 50 }),
    ]);
    expect(found.of('b1')).toMatchObject({ tokens: 3_950, reads: 1 });
    expect(found.of('b2')).toBe('history_cut');
    expect(found.conversations).toBe(2);
  });

  it('goes past a short call about something else', () => {
    const found = carried([
      agent,
      call('1', 0, { uncachedInput: 1_000, output: 50 }),
      tool('b1', 600),
      call('2', 800, { uncachedInput: 100, output: 5 }),
      call('3', 2_000, { uncachedInput: 1_250, output: 50 }),
    ]);
    expect(found.of('b1')).toMatchObject({ tokens: 200, reads: 1 });
  });

  it('is one of one model', () => {
    const found = carried([
      agent,
      call('1', 0, { uncachedInput: 1_000, output: 50 }),
      tool('b1', 600),
      call('2', 1_000, { uncachedInput: 2_000, output: 5 }, { text: { model: 'other' } }),
      call('3', 2_000, { uncachedInput: 1_250, output: 50 }),
    ]);
    expect(found.of('b1')).toMatchObject({ tokens: 200, reads: 1 });
  });

  it('goes on in the next turn of the session, where a result cannot be told from what the user said', () => {
    const turn = (id: string, from: number): Scene => ({
      id,
      kind: 'agent',
      trace: id,
      from,
      to: from + 5_000,
      text: { session: 's' },
    });
    const inTurn = (scene: Scene, parent: string): Scene => ({ ...scene, parent, trace: parent });
    const found = carried([
      turn('aa', 0),
      inTurn(call('1', 0, { uncachedInput: 1_000, output: 50 }), 'aa'),
      inTurn(tool('b1', 600), 'aa'),
      inTurn(call('2', 1_000, { uncachedInput: 1_250, output: 50 }), 'aa'),
      inTurn(tool('b2', 1_600), 'aa'),
      turn('bb', 10_000),
      inTurn(call('3', 10_000, { uncachedInput: 2_000, output: 50 }), 'bb'),
    ]);
    expect(found.conversations).toBe(1);
    expect(found.of('b1')).toMatchObject({ tokens: 200, reads: 2 });
    expect(found.of('b2')).toBe('user_text');
  });

  it('inside a tool is its own; what the tool gives back is read outside', () => {
    const found = carried([
      agent,
      call('1', 0, { uncachedInput: 1_000, output: 50 }),
      tool('b1', 600, { to: 3_000 }),
      call('2', 700, { uncachedInput: 10, output: 5 }, { parent: 'b1' }),
      tool('b2', 1_300, { parent: 'b1' }),
      call('3', 2_000, { uncachedInput: 115, output: 5 }, { parent: 'b1' }),
      tool('b3', 2_100, { parent: 'b2' }),
      call('4', 4_000, { uncachedInput: 1_350, output: 50 }),
    ]);
    expect(found.of('b1')).toMatchObject({ tokens: 300, reads: 1 });
    expect(found.of('b2')).toMatchObject({ tokens: 100, reads: 1 });
    // What a tool asks of another tool is never in a prompt.
    expect(found.of('b3')).toBeUndefined();
  });

  it('is needed: without calls beside it, or after it, a tool carries nothing or nobody knows', () => {
    expect(carried([agent, tool('b1', 0)]).of('b1')).toBe('no_conversation');
    const last = carried([agent, call('1', 0, { uncachedInput: 100, output: 5 }), tool('b1', 600)]);
    expect(last.of('b1')).toEqual({ tokens: 0, reads: 0, cached: 0, uncached: 0, unpricedReads: 0 });
    const short = carried([
      agent,
      call('1', 0, { uncachedInput: 100, output: 50 }),
      tool('b1', 600),
      call('2', 1_000, { uncachedInput: 120, output: 5 }),
    ]);
    expect(short.of('b1')).toBe('smaller_than_answer');
  });

  it('is not known where an answer that nobody counted lies between', () => {
    const between = (more: Partial<Scene>) =>
      carried([
        agent,
        call('1', 0, { uncachedInput: 1_000, output: 50 }),
        tool('b1', 600),
        { id: '2', parent: 'a', kind: 'llm', from: 1_000, to: 1_500, text: { model: 'm' }, ...more },
        tool('b2', 1_600),
        call('3', 2_000, { uncachedInput: 1_850, output: 50 }),
        tool('b3', 2_600),
        call('4', 3_000, { uncachedInput: 2_000, output: 50 }),
      ]);
    const found = between({});
    expect([found.of('b1'), found.of('b2')]).toEqual(['call_without_counts', 'call_without_counts']);
    expect(found.of('b3')).toMatchObject({ tokens: 100, reads: 1 });
    for (const other of [{ failed: true }, { text: { model: 'guard' } }, { from: 100 }])
      expect(between(other).of('b1')).toMatchObject({ tokens: 400 });
  });
});

/** A loop of calls with tools between them: how each prompt grew, how much of it was cached and written, and the tools. */
const loops = fc.array(
  fc.record({
    grown: fc.integer({ min: -300, max: 2_000 }),
    output: fc.integer({ min: 0, max: 300 }),
    cached: fc.double({ min: 0, max: 1, noNaN: true }),
    written: fc.double({ min: 0, max: 1, noNaN: true }),
    sizes: fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);

function loopOf(steps: typeof loops extends fc.Arbitrary<infer T> ? T : never): Scene[] {
  let prompt = 1_000;
  let time = 0;
  return steps.flatMap(({ grown, output, cached, written, sizes }, i) => {
    const before = prompt;
    prompt = Math.max(1, prompt + grown);
    const cacheRead = Math.floor(Math.min(before, prompt) * cached);
    const cacheWrite5m = Math.floor((prompt - cacheRead) * written);
    const uncachedInput = prompt - cacheRead - cacheWrite5m;
    const scenes = [
      call(`c${i}`, time, { uncachedInput, cacheRead, cacheWrite5m, output }),
      ...sizes.map((size, n) => tool(`d${i.toString(16)}${n}`, time + 600 + n, { size })),
    ];
    time += 2_000;
    return scenes;
  });
}

describe('whatever the conversation', () => {
  const sumOf = (scenes: readonly Scene[]): bigint => {
    let sum = 0n;
    for (const carry of carriedCosts(dataOf(scenes)).of.values())
      if (!('unknown' in carry)) sum += carry.cached + carry.uncached;
    return sum;
  };

  it('results cost no more than the prompts they are in', () => {
    fc.assert(
      fc.property(loops, (steps) => {
        const scenes = loopOf(steps);
        const { forest, bill: billed } = dataOf(scenes);
        let prompts = 0n;
        for (let p = 0; p < forest.length; p++) {
          const price = billed.reckon(p)?.price;
          if (price?.status !== 'computed') continue;
          for (const { bucket, amount } of price.lines) if (bucket !== 'output') prompts += BigInt(amount);
        }
        expect(sumOf([agent, ...scenes]) <= prompts).toBe(true);
      }),
    );
  });

  it('the total is the same, and without tools nothing is carried', () => {
    fc.assert(
      fc.property(loops, (steps) => {
        const scenes = [agent, ...loopOf(steps)];
        const calls = scenes.filter(({ kind }) => kind !== 'tool');
        expect(sumOf(calls)).toBe(0n);
        const [all, alone] = [scenes, calls].map((some) => {
          const { forest, bill } = dataOf(some);
          return forest.row.reduce((sum, _, p) => sum + bill.cost(p), 0);
        });
        expect(all).toBe(alone);
      }),
    );
  });

  it('the order in which spans arrive changes nothing', () => {
    fc.assert(
      fc.property(loops, (steps) => {
        const scenes = [agent, ...loopOf(steps)];
        expect(sumOf([...scenes].reverse())).toBe(sumOf(scenes));
      }),
    );
  });

  it('many results that one call reads take no longer than they are many', () => {
    const results = Array.from({ length: 50_000 }, (_, i) => tool((0xb00000 + i).toString(16), 600));
    const started = performance.now();
    const { of } = carriedCosts(
      dataOf([
        agent,
        call('1', 0, { uncachedInput: 1000, output: 40 }),
        ...results,
        call('2', 2000, { uncachedInput: 5_000_000, output: 5 }),
      ]),
    );
    expect(of.size).toBe(results.length);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('takes no longer than it is long', () => {
    const steps = Array.from({ length: 5_000 }, () => ({
      grown: 200,
      output: 20,
      cached: 0.9,
      written: 0.5,
      sizes: [1, 2],
    }));
    const started = performance.now();
    const { of } = carriedCosts(dataOf([{ ...agent, to: 100_000_000 }, ...loopOf(steps)]));
    expect(of.size).toBe(10_000);
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
