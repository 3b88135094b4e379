import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { DIMENSIONS } from '../../src/rollup/index.ts';
import { type Answer, ask, type CostRow } from '../answer.ts';
import { type DumpSpan, dumps, otlpLines } from './dumps.ts';

// What holds for every dump: an answer is about the facts in it, not about how they happen to be written down.

const KEYS = Object.keys(DIMENSIONS);
const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes spans into as many files as there are lists, and returns their paths. */
let written = 0;
function files(...lists: readonly (readonly DumpSpan[])[]): string[] {
  return lists.map((spans) => {
    const path = join(folder, `${written++}.jsonl`);
    writeFileSync(path, otlpLines(spans));
    return path;
  });
}

/** Spans, some of them reported again with other content. */
const contradictory = fc
  .record({
    spans: dumps,
    again: fc.array(
      fc.record({ pick: fc.nat(1000), contentOf: fc.nat(1000), longer: fc.integer({ min: 0, max: 3 }) }),
      { maxLength: 4 },
    ),
  })
  .map(({ spans, again }) => [
    ...spans,
    ...again.map(({ pick, contentOf, longer }): DumpSpan => {
      const span = spans[pick % spans.length]!;
      const end = span.endTimeUnixNano === '0' ? '0' : String(BigInt(span.endTimeUnixNano) + BigInt(longer));
      const { attributes, status } = spans[contentOf % spans.length]!;
      return { ...span, attributes, status, endTimeUnixNano: end };
    }),
  ]);

/** The same in another order, cut into two lists somewhere. */
const shuffled = contradictory.chain((spans) =>
  fc.record({
    spans: fc.constant(spans),
    order: fc.shuffledSubarray([...spans], { minLength: spans.length, maxLength: spans.length }),
    cut: fc.nat(spans.length),
  }),
);

describe('answers', () => {
  it('do not depend on the order of spans or on their split into files', async () => {
    await fc.assert(
      fc.asyncProperty(shuffled, async ({ spans, order, cut }) => {
        const before = await answers(files(spans));
        const after = await answers(files(order.slice(0, cut), order.slice(cut)));
        expect(after).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });

  it('do not change when spans are sent again', async () => {
    await fc.assert(
      fc.asyncProperty(
        dumps,
        fc.array(fc.nat(1000), { minLength: 1, maxLength: 8 }),
        async (spans, picks) => {
          const again = picks.map((pick) => spans[pick % spans.length]!);
          const before = await answers(files(spans));
          const after = await answers(files([...spans, ...again]));
          for (const one of after) expect(one.input.duplicates).toBe(again.length);
          expect(after.map(withoutDuplicates)).toEqual(before.map(withoutDuplicates));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('do not change when a roll-up stands over a trace, of any kind, with a model and a cost of its own', async () => {
    await fc.assert(
      fc.asyncProperty(dumps, parents, async (spans, parent) => {
        const [path] = files(spans);
        const { rows, total } = await ask(['cost', '--by', 'trace', path!]);
        fc.pre(rows.length > 0);
        const trace = rows[parent.trace % rows.length]!;
        const silent = await silentCalls(path!, trace.key!['trace']!);
        // Where no call reports anything, or one call alone may be what a model around it did itself, nothing is repeated.
        fc.pre(trace.calls - silent > (isCall(parent.role) ? 1 : 0));
        const [over] = files(under(spans, trace, parent));
        const after = await ask(['cost', '--by', 'trace', over!]);
        expect(sum([after.total])).toEqual(sum([total]));
      }),
      { numRuns: 50 },
    );
  });

  it('do not change when a second instrumentation reports a call', async () => {
    await fc.assert(
      fc.asyncProperty(
        dumps,
        fc.nat(1000),
        fc.constantFrom('inside', 'around', 'beside'),
        async (spans, pick, where) => {
          const calls = spans.filter((span) => isReportedCall(span));
          fc.pre(calls.length > 0);
          const call = calls[pick % calls.length]!;
          const [path] = files(spans);
          // A roll-up that is told to be a call by one more report of it was none.
          fc.pre((await statusOf(path!, call)) !== 'rollup');
          const before = await ask(['cost', path!]);
          const after = await ask(['cost', ...files(reportedAgain(spans, call, where))]);
          expect(sum([after.total])).toEqual(sum([before.total]));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('add up in the audit as well, whatever is in the dump', async () => {
    await fc.assert(
      fc.asyncProperty(
        contradictory,
        fc.constantFrom('user', 'model', 'tool', 'trace'),
        async (spans, by) => {
          const { audit, total } = await ask(['cost', '--audit', '--by', by, ...files(spans)]);
          expect(audit!.checks.filter(({ ok }) => !ok)).toEqual([]);
          expect(audit!.balance.lines.reduce((left, { cost_usd }) => left + signedPico(cost_usd!), 0n)).toBe(
            pico(total.cost_usd),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('have rows that add up to the total, exactly, by every dimension', async () => {
    await fc.assert(
      fc.asyncProperty(
        dumps,
        fc.subarray([...KEYS, 'attr:user.id', 'resource:service.name'], {
          minLength: 1,
          maxLength: 3,
        }),
        async (spans, by) => {
          const { rows, total } = await ask(['cost', '--by', by.join(','), ...files(spans)]);
          expect(sum(rows)).toEqual(sum([total]));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('have rows that add up by every single dimension of one large dump', async () => {
    const [spans] = fc.sample(
      fc.array(dumps, { minLength: 20, maxLength: 20 }).map((many) => many.flatMap(inTracesOfTheirOwn)),
      { numRuns: 1, seed: 7 },
    );
    const [path] = files(spans!);
    for (const key of KEYS) {
      const { rows, total } = await ask(['cost', '--by', key, path!]);
      expect(sum(rows), key).toEqual(sum([total]));
      expect(rows.length, key).toBeGreaterThan(0);
    }
  });
});

/** What a roll-up is, besides the sum of what is below it. */
const parents = fc.record({
  trace: fc.nat(3),
  role: fc.constantFrom('invoke_agent', 'execute_tool', 'chat', 'embeddings', 'workflow', undefined),
  model: fc.option(fc.constantFrom('gpt-4o', 'no-such-model')),
  cost: fc.option(fc.integer({ min: 0, max: 5_000_000 })),
});

const isCall = (role: string | undefined): boolean => role === 'chat' || role === 'embeddings';

async function silentCalls(path: string, trace: string): Promise<number> {
  const { coverage } = await ask(['cost', '--trace', trace, path]);
  const silent = coverage!.unpriced.filter(
    ({ reason }) => reason === 'no_usage' || reason === 'invalid_usage',
  );
  return silent.reduce((sum, { calls }) => sum + calls, 0);
}

const OVER = 'eeeeeeeeeeeeeeee';

/** A trace below one more span that says what it adds up to. */
function under(
  spans: readonly DumpSpan[],
  { key, input_tokens: input, output_tokens: output, cache_read_tokens: cached }: CostRow,
  { role, model, cost }: typeof parents extends fc.Arbitrary<infer T> ? T : never,
): DumpSpan[] {
  const mine = spans.filter(({ traceId }) => traceId === key!['trace']);
  const known = new Set(mine.map(({ spanId }) => spanId));
  const times = mine.flatMap(({ startTimeUnixNano, endTimeUnixNano }) => [
    BigInt(startTimeUnixNano),
    BigInt(endTimeUnixNano),
  ]);
  const starts = times.filter((at) => at > 0n).sort((a, b) => (a < b ? -1 : 1));
  const attributes: DumpSpan['attributes'] = [
    role === undefined
      ? textAttribute('openinference.span.kind', 'CHAIN')
      : textAttribute('gen_ai.operation.name', role),
    ...(model === null ? [] : [textAttribute('gen_ai.request.model', model)]),
    countAttribute('gen_ai.usage.input_tokens', input),
    countAttribute('gen_ai.usage.output_tokens', output),
    countAttribute('gen_ai.usage.cache_read.input_tokens', cached),
    ...(cost === null ? [] : [{ key: 'gen_ai.usage.cost', value: { doubleValue: cost / 1e6 } }]),
  ];
  const parent: DumpSpan = {
    traceId: mine[0]!.traceId,
    ...{ spanId: OVER, parentSpanId: '', name: 'over', kind: 1, status: {}, attributes },
    ...{ startTimeUnixNano: String(starts[0]), endTimeUnixNano: String(starts.at(-1)) },
  };
  const hung = mine.map((span) => (known.has(span.parentSpanId) ? span : { ...span, parentSpanId: OVER }));
  return [...spans.filter((span) => !mine.includes(span)), parent, ...hung];
}

/** An LLM or embedding call that ran for some time and says what it used. */
function isReportedCall(span: DumpSpan): boolean {
  const length = BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano);
  return /^(llm|embedding)/.test(span.name) && length > 0n && countOf(span, 'gen_ai.usage.output_tokens') > 0;
}

function countOf({ attributes }: DumpSpan, name: string): number {
  return Number(attributes.find(({ key }) => key === name)?.value['intValue'] ?? 0);
}

async function statusOf(path: string, { traceId, spanId }: DumpSpan): Promise<string | undefined> {
  const { traces } = await ask(['trace', 'show', '--trace', traceId, path]);
  const open = traces.flatMap(({ roots }) => roots);
  for (let span = open.pop(); span !== undefined; span = open.pop()) {
    if (span.span_id === spanId) return span.cost_status;
    open.push(...span.children);
  }
  return undefined;
}

/** The same call in OpenInference's words: as a child, as a parent, or beside it. */
function reportedAgain(spans: readonly DumpSpan[], call: DumpSpan, where: string): DumpSpan[] {
  const model = call.attributes.find(({ key }) => key === 'gen_ai.request.model')!.value['stringValue'];
  const attributes: DumpSpan['attributes'] = [
    textAttribute('openinference.span.kind', call.name.startsWith('llm') ? 'LLM' : 'EMBEDDING'),
    textAttribute('llm.model_name', String(model)),
    countAttribute('llm.token_count.prompt', countOf(call, 'gen_ai.usage.input_tokens')),
    countAttribute('llm.token_count.completion', countOf(call, 'gen_ai.usage.output_tokens')),
    countAttribute('llm.token_count.prompt_details.cache_read', countOf(call, CACHE_READ)),
  ];
  const again: DumpSpan = { ...call, spanId: OVER, name: 'again', attributes };
  if (where === 'beside') return [...spans, again];
  if (where === 'inside') return [...spans, { ...again, parentSpanId: call.spanId }];
  return spans.flatMap((span) => (span === call ? [again, { ...span, parentSpanId: OVER }] : [span]));
}

const CACHE_READ = 'gen_ai.usage.cache_read.input_tokens';
const textAttribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
const countAttribute = (key: string, value: number) => ({ key, value: { intValue: String(value) } });

/** What every command says about some files. */
async function answers(paths: readonly string[]) {
  const questions = [
    ['trace', 'list'],
    ['trace', 'show', '--pick', 'all', '--attributes'],
    ['cost', '--by', 'user,model'],
  ];
  const asked = await Promise.all(questions.map((question) => ask([...question, ...paths])));
  return asked.map(facts);
}

/** What is left of an answer when it does not tell how often spans were reported. */
function withoutDuplicates({
  input: { duplicates: _, ...input },
  excluded,
  ...rest
}: ReturnType<typeof facts>) {
  return { ...rest, input, rollups: excluded?.rollups };
}

/** An answer without what names the files it was read from. */
function facts({ input, ...rest }: Answer) {
  const { sources: _, skipped, warnings, ...counts } = input;
  return {
    ...rest,
    input: { ...counts, skipped: skipped.length, warnings: warnings.map(({ kind }) => kind) },
  };
}

function sum(rows: readonly CostRow[]) {
  const add = (
    name: 'calls' | 'input_tokens' | 'output_tokens' | 'cache_read_tokens' | 'unpriced_calls' | 'errors',
  ) => rows.reduce((total, row) => total + row[name], 0);
  return {
    cost: rows.reduce((total, row) => total + pico(row.cost_usd), 0n),
    calls: add('calls'),
    input: add('input_tokens'),
    output: add('output_tokens'),
    cached: add('cache_read_tokens'),
    unpriced: add('unpriced_calls'),
    errors: add('errors'),
  };
}

/** A decimal string of dollars as picodollars; an unknown cost adds nothing. */
function pico(usd: string | null): bigint {
  if (usd === null) return 0n;
  expect(usd).toMatch(/^\d+(\.\d{1,12})?$/);
  const [dollars, fraction = ''] = usd.split('.');
  return BigInt(dollars! + fraction.padEnd(12, '0'));
}

function signedPico(usd: string): bigint {
  return usd.startsWith('-') ? -pico(usd.slice(1)) : pico(usd);
}

function inTracesOfTheirOwn(spans: readonly DumpSpan[], dump: number): DumpSpan[] {
  const prefix = (dump + 1).toString(16).padStart(8, '0');
  return spans.map((span) => ({ ...span, traceId: prefix + span.traceId.slice(8) }));
}
