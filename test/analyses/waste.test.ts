import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wasteOf } from '../../src/analyses/waste.ts';
import {
  CALL_ARGUMENTS,
  CALL_RESULT,
  type Pico,
  type Price,
  type PricedCall,
  SIGNATURES,
  SpanTable,
} from '../../src/model/index.ts';
import { assemble, attribute, bill } from '../../src/trace/index.ts';
import { agentSpan, type Sketch, spanId } from '../trace/table.ts';

/** $1 a million fresh tokens, a tenth of it from the cache. */
function priceOf({ model, usage }: PricedCall): Price {
  if (model === 'unknown') return { status: 'unpriced', reason: 'unknown_model', hint: undefined };
  const amount = (usage.uncachedInput * 1e6 + usage.cacheRead * 1e5 + usage.cacheWrite5m * 1.25e6) as Pico;
  const match = { layer: 'catalogue', row: 'test/m', kind: 'exact', assumptions: [] } as const;
  return { status: 'computed', amount, lines: [], match };
}

type Scene = Sketch & { readonly given?: string | undefined; readonly gave?: string | undefined };

function dataOf(scenes: readonly Scene[], selected?: (id: string) => boolean) {
  const table = new SpanTable();
  for (const { given, gave, ...sketch } of scenes) {
    table.push(
      agentSpan(sketch),
      new Map([
        [CALL_ARGUMENTS, given],
        [CALL_RESULT, gave === '' ? undefined : gave],
      ]),
    );
  }
  const forest = assemble(table);
  const nobody = { user: [], organization: [], workspace: [], session: [], workflow: [] };
  return {
    forest,
    attribution: attribute(forest, nobody),
    bill: bill(forest, { priceOf }, 'auto'),
    selected: selected && ((p: number) => selected(table.spanIdOf(forest.row[p]!))),
  };
}

/** What was found, in short. */
function found(scenes: readonly Scene[]) {
  const data = dataOf(scenes);
  return wasteOf(data).all.map(({ kind, reason, spans, calls, cost, nanos }) => ({
    kind,
    reason,
    spans: spans.map((p) => data.forest.table.spanIdOf(data.forest.row[p]!).replace(/^0+/, '')),
    calls,
    microdollars: Number(cost) / 1e6,
    millis: nanos === undefined ? undefined : nanos / 1e6,
  }));
}

const agent: Scene = { id: 'a', kind: 'agent', from: 0, to: 100_000 };
const llm = (id: string, from: number, more: Partial<Scene> = {}): Scene => ({
  id,
  parent: 'a',
  kind: 'llm',
  from,
  to: from + 100,
  text: { model: 'm' },
  tokens: [10, 0],
  ...more,
});
const tool = (id: string, from: number, more: Partial<Scene> = {}): Scene => ({
  id,
  parent: 'a',
  kind: 'tool',
  name: 't',
  from,
  to: from + 100,
  given: 'x',
  gave: 'y',
  ...more,
});

describe('loops', () => {
  it('begin with the third call, and cost what the model took to ask for it', () => {
    const scenes = [
      agent,
      ...[0, 1, 2, 3].flatMap((i) => [llm(`b${i}`, i * 200), tool(`c${i}`, i * 200 + 100)]),
    ];
    expect(found(scenes)).toEqual([
      { kind: 'loop', reason: 'same_result', spans: ['c2', 'c3'], calls: 4, microdollars: 20, millis: 400 },
    ]);
  });

  it('are told of calls inside steps of one agent, too', () => {
    const scenes = [0, 1, 2].flatMap((i): Scene[] => [
      { id: `d${i}`, parent: 'a', kind: 'step', name: `step ${i}`, from: i * 200, to: i * 200 + 200 },
      llm(`b${i}`, i * 200, { parent: `d${i}` }),
      tool(`c${i}`, i * 200 + 100, { parent: `d${i}` }),
    ]);
    expect(found([agent, ...scenes])).toMatchObject([{ kind: 'loop', spans: ['c2'], microdollars: 10 }]);
  });

  it('are not told of calls of different agents', () => {
    const scenes = [0, 1, 2].flatMap((i): Scene[] => [
      { id: `d${i}`, parent: 'a', kind: 'agent', name: `agent ${i}`, from: i * 200, to: i * 200 + 200 },
      tool(`c${i}`, i * 200 + 100, { parent: `d${i}` }),
    ]);
    expect(found([agent, ...scenes])).toEqual([]);
  });

  it('something else between them is no row', () => {
    const between = [0, 1, 2].flatMap((i) => [
      tool(`c${i}`, i * 400),
      tool(`e${i}`, i * 400 + 200, { name: 'edit', given: `${i}`, gave: 'done' }),
    ]);
    expect(found([agent, ...between])).toEqual([]);
  });

  it('a clock that stands still shows no order', () => {
    const at = (id: string): Scene => tool(id, 5, { to: 5 });
    expect(found([agent, at('c0'), at('c1'), at('c2')])).toEqual([]);
  });

  it('a cycle that ends with another result was waiting for it', () => {
    const round = (i: number, gave: string): Scene[] => [
      tool(`c${i}`, i * 400, { name: 'sleep', given: '5', gave: 'ok' }),
      tool(`e${i}`, i * 400 + 200, { name: 'status', gave }),
    ];
    const pending = [0, 1, 2].flatMap((i) => round(i, 'pending'));
    expect(found([agent, ...pending])).toMatchObject([{ kind: 'cycle', calls: 6 }]);
    expect(found([agent, ...pending, ...round(3, 'done')])).toEqual([]);
  });

  it('a failing step belongs to a cycle if it fails the same way', () => {
    const rounds = (gave: string | undefined): Scene[] =>
      [0, 1].flatMap((i) => [
        tool(`c${i}`, i * 400, { name: 'edit' }),
        {
          ...tool(`e${i}`, i * 400 + 200, { name: 'test', failed: true }),
          ...(gave === undefined ? { gave: '' } : { gave }),
        },
      ]);
    expect(found([agent, ...rounds('assertion')])).toMatchObject([{ kind: 'cycle', calls: 4 }, {}]);
    // How it failed is not told: it may have been another way.
    expect(found([agent, ...rounds(undefined)]).map(({ kind }) => kind)).toEqual([
      'failed_branch',
      'failed_branch',
    ]);
  });
});

describe('retries', () => {
  const failing = (ids: readonly string[], more: Partial<Scene> = {}) =>
    ids.map((id, i) => llm(id, i * 1000, { failed: true, ...more }));

  it('a storm begins with the third attempt, and takes the time between attempts', () => {
    expect(found([agent, ...failing(['b0', 'b1', 'b2', 'b3']), llm('b4', 4000)])).toEqual([
      {
        kind: 'retry_storm',
        reason: 'repeated_failure',
        spans: ['b2', 'b3'],
        calls: 4,
        microdollars: 20,
        millis: 2000,
      },
      {
        kind: 'failed_branch',
        reason: 'tried_again',
        spans: ['b0', 'b1'],
        calls: 2,
        microdollars: 20,
        millis: 200,
      },
    ]);
  });

  it('attempts that are told to be first ones are different calls', () => {
    const table = failing(['b0', 'b1', 'b2']).map((scene) => ({ ...scene, attempt: 1 }));
    const data = new SpanTable();
    data.push(agentSpan(agent));
    for (const { attempt, ...sketch } of table) data.push({ ...agentSpan(sketch), attempt });
    const forest = assemble(data);
    const nobody = { user: [], organization: [], workspace: [], session: [], workflow: [] };
    const { all } = wasteOf({
      forest,
      attribution: attribute(forest, nobody),
      bill: bill(forest, { priceOf }, 'auto'),
    });
    expect(all).toMatchObject([{ kind: 'failed_branch', reason: 'parent_went_on', calls: 3 }]);
  });

  it('of what arguments are not told, a model that was asked in between may have changed them', () => {
    const untold = [0, 1, 2].flatMap(
      (i) =>
        [
          tool(`c${i}`, i * 400, { failed: true, given: undefined, gave: undefined }),
          llm(`b${i}`, i * 400 + 200),
        ] as Scene[],
    );
    expect(found([agent, ...untold])).toMatchObject([{ kind: 'failed_branch', reason: 'parent_went_on' }]);
  });

  it('steps of a framework are retried below one parent', () => {
    const step = (id: string, from: number): Scene => ({
      id,
      parent: 'a',
      kind: 'step',
      name: 'deploy',
      from,
      to: from + 100,
      failed: true,
    });
    const deploy = [step('c0', 0), step('c1', 200), step('c2', 400)];
    expect(found([agent, ...deploy, llm('b', 450, { parent: 'c2', to: 460 })])).toMatchObject([
      { kind: 'retry_storm', spans: ['c2'], microdollars: 10 },
      { kind: 'failed_branch', spans: ['c0', 'c1'] },
    ]);
  });
});

describe('failed branches', () => {
  it('are the outermost that failed; a guardrail that says no is none', () => {
    const scenes: Scene[] = [
      agent,
      { id: 'b', parent: 'a', kind: 'agent', name: 'sub', from: 0, to: 500, failed: true },
      tool('c', 100, { parent: 'b', failed: true }),
      llm('d', 200, { parent: 'b' }),
      { id: 'e', parent: 'a', kind: 'guardrail', from: 600, to: 700, failed: true },
    ];
    expect(found(scenes)).toEqual([
      {
        kind: 'failed_branch',
        reason: 'parent_went_on',
        spans: ['b'],
        calls: 1,
        microdollars: 10,
        millis: 500,
      },
    ]);
  });

  it('below a request that failed as well, the run failed', () => {
    const scenes: Scene[] = [
      { id: 'f', kind: 'http', from: 0, to: 100_000, failed: true },
      { ...agent, parent: 'f', failed: true },
      llm('d', 200),
    ];
    expect(found(scenes)).toMatchObject([{ reason: 'run_failed', spans: ['a'], microdollars: 10 }]);
  });

  it('what a storm has counted is not counted again', () => {
    const scenes = [
      { ...agent, failed: true },
      ...[0, 1, 2].map((i) => llm(`b${i}`, i * 1000, { failed: true })),
    ];
    const waste = wasteOf(dataOf(scenes));
    expect(waste.all).toMatchObject([
      { kind: 'failed_branch', cost: 20_000_000n },
      { kind: 'retry_storm', cost: 10_000_000n },
    ]);
    expect(waste).toMatchObject({ cost: waste.spend, share: 1, nanos: 100_000e6 });
  });
});

describe('sums', () => {
  it('count chosen spans only', () => {
    const scenes = [
      agent,
      ...[0, 1, 2, 3].flatMap((i) => [llm(`b${i}`, i * 200), tool(`c${i}`, i * 200 + 100)]),
    ];
    const waste = wasteOf(dataOf(scenes, (id) => id === spanId('b3')));
    expect(waste).toMatchObject({ cost: 10_000_000n, spend: 10_000_000n, nanos: 100e6, findings: 1 });
    expect(wasteOf(dataOf(scenes, (id) => id === spanId('b0')))).toMatchObject({ findings: 0, cost: 0n });
  });

  it('are unknown where no call has a price, and known where there is no call', () => {
    const unpriced = [agent, llm('b', 0, { text: { model: 'unknown' } })];
    expect(wasteOf(dataOf(unpriced)).share).toBeUndefined();
    expect(wasteOf(dataOf([agent])).share).toBe(0);
  });
});

const KINDS = ['tool', 'llm', 'agent', 'step', 'http'] as const;
const scene = fc.record({
  parent: fc.nat(30),
  trace: fc.constantFrom('f', 'e'),
  kind: fc.constantFrom(...KINDS),
  name: fc.constantFrom('p', 'q'),
  from: fc.nat(40),
  long: fc.nat(10),
  failed: fc.boolean(),
  given: fc.constantFrom('x', 'x', 'z', undefined),
  gave: fc.constantFrom('y', 'y', 'w', undefined),
  prompt: fc.nat(8),
  read: fc.nat(8),
});

/** Spans whose parents came before them in the list. */
function scenesOf(parts: readonly (typeof scene extends fc.Arbitrary<infer T> ? T : never)[]): Scene[] {
  return parts.map(
    ({ parent, from, long, prompt, read, given, gave, ...rest }, i): Scene => ({
      ...rest,
      id: `${i + 1}`.padStart(4, '0'),
      ...(parent < i ? { parent: `${parent + 1}`.padStart(4, '0') } : {}),
      from: from * 10,
      to: (from + long) * 10,
      text: { model: 'm' },
      usage: { uncachedInput: prompt * 1000, cacheRead: read * 1000, cacheWrite5m: prompt * 100 },
      ...(given === undefined ? {} : { given }),
      ...(gave === undefined ? {} : { gave }),
    }),
  );
}

const scenes = fc.array(scene, { maxLength: 60 }).map(scenesOf);

/** Everything but positions, which the order of spans does not change either. */
const inWords = (waste: ReturnType<typeof wasteOf>) =>
  JSON.stringify(waste, (_, value) => (typeof value === 'bigint' ? `${value}` : value));

describe('of any spans', () => {
  it('no more is wasted than was spent, and all of it is in one finding', () => {
    fc.assert(
      fc.property(scenes, (some) => {
        const waste = wasteOf(dataOf(some));
        expect(waste.cost <= waste.spend).toBe(true);
        expect(waste.nanos).toBeLessThanOrEqual(waste.runNanos);
        expect(waste.all.reduce((sum, { cost }) => sum + cost, 0n)).toBe(waste.cost);
        expect(Object.values(waste.byKind).reduce((sum, { cost }) => sum + cost, 0n)).toBe(waste.cost);
        for (const { nanos, critical } of waste.all)
          expect((critical ?? 0) <= waste.runNanos && (nanos ?? 0) <= waste.runNanos).toBe(true);
      }),
    );
  });

  it('their order changes nothing', () => {
    fc.assert(
      fc.property(
        scenes.chain((some) =>
          fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })),
        ),
        ([some, shuffled]) => {
          expect(inWords(wasteOf(dataOf(shuffled)))).toBe(inWords(wasteOf(dataOf(some))));
        },
      ),
    );
  });
});

it('a hundred thousand identical calls are one loop, found at once', () => {
  const table = new SpanTable();
  table.push(agentSpan({ ...agent, to: 300_000 }));
  const same = new Map(SIGNATURES.map((column) => [column, 'same']));
  for (let i = 0; i < 100_000; i++)
    table.push(agentSpan(tool((i + 16).toString(16).padStart(8, '0'), i * 3, { to: i * 3 + 2 })), same);
  const forest = assemble(table);
  const nobody = { user: [], organization: [], workspace: [], session: [], workflow: [] };
  const begun = process.cpuUsage().user;
  const waste = wasteOf({
    forest,
    attribution: attribute(forest, nobody),
    bill: bill(forest, { priceOf }, 'auto'),
  });
  expect(waste.all).toMatchObject([{ kind: 'loop', calls: 100_000 }]);
  expect((process.cpuUsage().user - begun) / 1e6).toBeLessThan(5);
});
