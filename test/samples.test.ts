import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './agentobs.ts';
import { type Answer, ask, inProcess } from './answer.ts';

// Files that real SDKs and public repositories wrote, with facts that an independent script counted. They are kept beside
// the checkout, not in it; where they are absent these tests say so and the project's own fixtures stand alone.

const folder = join(root, '../shared/samples');
const absent = !existsSync(join(folder, 'facts.json'));

type Fact = {
  readonly file: string;
  readonly spans: number;
  readonly unique_spans: number;
  readonly traces: number;
  readonly roots: number;
  readonly orphans: number;
  readonly errors: number;
  readonly open_spans: number;
  readonly sum_trace_duration_ms: number;
  readonly max_trace_duration_ms: number;
  readonly tokens?: Readonly<Record<string, Family>>;
  /** Sessions of coding agents have no spans: answers and their tokens, the last line of every answer. */
  readonly claude_code?: {
    readonly unique_messages_with_usage: number;
    readonly input: number;
    readonly output: number;
    readonly cache_creation: number;
    readonly cache_read: number;
  };
  readonly codex_total?: {
    readonly input_tokens: number;
    readonly cached_input_tokens: number;
    readonly output_tokens: number;
    readonly reasoning_output_tokens: number;
  };
};
type Family = { readonly leaf_in?: number; readonly leaf_out?: number; readonly leaf_sum?: number };

const facts: readonly Fact[] = absent ? [] : JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8'));

/** Nothing in these files is a span: what they hold instead. */
const WITHOUT_SPANS: Readonly<Record<string, string>> = {
  'public/otlp-json/duckdb-otlp--empty.jsonl': 'nothing',
  'public/otlp-json/opentelemetry-proto--logs.json': 'log records',
  'public/otlp-json/opentelemetry-proto--metrics.json': 'metrics',
};

/** Files the independent script does not read, counted by hand or equal to a file that it does read. */
const BY_HAND: Readonly<Record<string, Partial<Fact>>> = {
  ...onConsoles(),
  'generated/otel-sdk-2.12-pure/otlp-request.pb': {
    ...counts(16, 4, 4, 4),
    sum_trace_duration_ms: 96.018,
    max_trace_duration_ms: 65.054,
    tokens: { own: { leaf_in: 2401, leaf_out: 690 } },
  },
  'generated/otel-sdk-2.12-pure/console-tty-colour.log': {
    ...counts(16, 4, 4, 4),
    tokens: { own: { leaf_in: 2401, leaf_out: 690 } },
  },
  // A run posted and the patch that ends it.
  'public/langsmith/langsmith-sdk--langsmith_js_wrap_openai_reasoning.json': {
    ...counts(1, 1, 1, 0),
    sum_trace_duration_ms: 10_439,
    tokens: { own: { leaf_in: 43, leaf_out: 1901 } },
  },
  'public/langsmith/langsmith-sdk--langsmith_py_wrap_openai_stream.json': {
    ...counts(1, 1, 1, 0),
    sum_trace_duration_ms: 1328.441,
    tokens: { own: { leaf_in: 9, leaf_out: 9 } },
  },
  ...Object.fromEntries(
    wrapped().map((file) => [
      file,
      file.endsWith('.otlp.log')
        ? { ...counts(23, 3, 3, 0), tokens: { own: { leaf_in: 709, leaf_out: 340 } } }
        : { ...counts(26, 6, 6, 2), tokens: { own: { leaf_in: 769, leaf_out: 296 } } },
    ]),
  ),
};

/** One call spelled in two vocabularies, or tokens under names that the script does not know: what the calls add up to. */
const TOKENS: Readonly<
  Record<string, { readonly tokens: readonly [number, number]; readonly because: string }>
> = {
  'generated/vercel-ai-v5_otel-1.30/': {
    tokens: [1076, 401],
    because: 'gen_ai.usage of every model call, and 60 tokens of one embedding under ai.usage.tokens',
  },
  'public/readable-span/openinference--all-spans.json': {
    tokens: [304, 594],
    because: 'ten spans without parents: every one stands for itself, embeddings (10 and 10) too',
  },
};

/** The script takes a start of 0 for a missing one; in these files it is the start of the root, and the trace begins there. */
const START_AT_0: Readonly<Record<string, number>> = {
  'public/jaeger/CRISP--15.json': 0.1,
  'public/jaeger/CRISP--16.json': 0.11,
  'public/jaeger/CRISP--18.json': 0.25,
};

describe('samples', () => {
  it('are beside the checkout', ({ skip }) => {
    skip(absent, 'no ../shared/samples: nothing to compare with');
    expect(facts.length).toBeGreaterThan(50);
  });

  const isSession = ({ claude_code, codex_total }: Fact): boolean =>
    (claude_code ?? codex_total) !== undefined;
  const known = facts.filter(
    (fact) =>
      !Object.hasOwn(WITHOUT_SPANS, fact.file) && !Object.hasOwn(BY_HAND, fact.file) && !isSession(fact),
  );
  it.for(known.map((fact) => [fact.file, fact] as const))(
    '%s: spans, traces, errors, durations and tokens',
    async ([file, fact]) => compare(await read(file), fact),
  );

  it.for(absent ? [] : Object.entries(BY_HAND))('%s: the same', async ([file, fact]) =>
    compare(await read(file), fact),
  );

  it.for(facts.filter(isSession).map((fact) => [fact.file, fact] as const))(
    '%s: every answer of the session once, with its tokens',
    async ([file, { claude_code, codex_total }]) => {
      const { total } = await read(file);
      if (claude_code !== undefined)
        expect(total).toMatchObject({
          calls: claude_code.unique_messages_with_usage,
          input_tokens: claude_code.input,
          output_tokens: claude_code.output,
          cache_write_tokens: claude_code.cache_creation,
          cache_read_tokens: claude_code.cache_read,
          unpriced_calls: 0,
        });
      else
        expect(total).toMatchObject({
          input_tokens: codex_total?.input_tokens,
          cache_read_tokens: codex_total?.cached_input_tokens,
          output_tokens: codex_total?.output_tokens,
          reasoning_tokens: codex_total?.reasoning_output_tokens,
          unpriced_calls: 0,
        });
    },
  );

  it.for(Object.entries(WITHOUT_SPANS))('%s holds %s and no span', async ([file], { skip }) => {
    skip(absent, 'no ../shared/samples');
    expect(await spansIn(file)).toBe(0);
  });
});

/** The runs in a file, with durations, and what its calls add up to. */
async function read(file: string): Promise<Answer> {
  const path = join(folder, file);
  const [{ traces }, cost] = await Promise.all([
    ask(['trace', 'list', path]),
    ask(['cost', '--by', 'root', path]),
  ]);
  return { ...cost, traces };
}

/** Unique spans; 0 where the program refuses the input. */
async function spansIn(file: string): Promise<number> {
  const { code, stdout } = await inProcess([
    'trace',
    'list',
    '--format',
    'json',
    '--no-config',
    join(folder, file),
  ]);
  expect([0, 2]).toContain(code);
  return code === 2 ? 0 : (JSON.parse(stdout) as Answer).input.spans;
}

function compare({ input, traces, total }: Answer, fact: Partial<Fact>): void {
  expect(input).toMatchObject({
    spans: fact.unique_spans,
    duplicates: fact.spans! - fact.unique_spans!,
    traces: fact.traces,
    roots: fact.roots,
    orphans: fact.orphans,
    errors: fact.errors,
    open_spans: fact.open_spans,
  });
  const durations = traces.map(({ duration_ms }) => duration_ms);
  const own = fact.file === undefined ? undefined : START_AT_0[fact.file];
  equalTime(
    durations.reduce((before, duration) => before + duration, 0),
    own ?? fact.sum_trace_duration_ms,
  );
  equalTime(Math.max(0, ...durations), own ?? fact.max_trace_duration_ms);
  const expected = expectedTokens(fact);
  if (expected !== undefined) expect([total.input_tokens, total.output_tokens]).toEqual(expected);
  const cached = fact.tokens && sumOf(fact.tokens, /cache_read|cachedInput/);
  if (cached !== undefined) expect(total.cache_read_tokens).toBe(cached);
  const cost = fact.tokens?.['lf.cost']?.leaf_sum;
  // The facts are rounded to a microdollar.
  if (cost !== undefined) expect(Math.abs(Number(total.cost_usd) - cost)).toBeLessThan(0.6e-6);
}

/** Equal to the microsecond, which is how the facts are rounded. */
function equalTime(milliseconds: number, expected: number | undefined): void {
  if (expected !== undefined)
    expect(Math.abs(milliseconds - expected), `${milliseconds} ms`).toBeLessThan(0.0011);
}

function expectedTokens(fact: Partial<Fact>): readonly number[] | undefined {
  const known = Object.entries(TOKENS).find(([path]) => fact.file?.startsWith(path));
  if (known !== undefined) return known[1].tokens;
  const families = Object.values(fact.tokens ?? {}).filter(({ leaf_in }) => leaf_in !== undefined);
  if (families.length > 1) throw new Error(`${fact.file}: two families of tokens; say which in TOKENS`);
  return families[0] === undefined ? undefined : [families[0].leaf_in!, families[0].leaf_out!];
}

function sumOf(families: Readonly<Record<string, Family>>, name: RegExp): number | undefined {
  return Object.entries(families).find(([family]) => name.test(family))?.[1].leaf_sum;
}

function counts(spans: number, traces: number, roots: number, errors: number): Partial<Fact> {
  return { spans, unique_spans: spans, traces, roots, orphans: 0, errors, open_spans: 0 };
}

function wrapped(): readonly string[] {
  return absent ? [] : readdirSync(join(folder, 'wrapped')).map((name) => `wrapped/${name}`);
}

/** What consoles print for people, and events without traces: every span, its times and its parent looked up in the file. */
function onConsoles(): Readonly<Record<string, Partial<Fact>>> {
  const dotnet = 'public/dotnet-console/otel-docs--languages-dotnet';
  const erlang = 'public/elixir-stdout/otel-docs--languages-erlang-getting-started';
  const nested = { ...counts(4, 1, 1, 0), ...lasting(0.014) };
  return {
    'public/rust-stdout/otel-docs--languages-rust-getting-started-2.log': {
      ...counts(1, 1, 1, 0),
      ...lasting(0.156),
    },
    // Neither times nor parents.
    'public/java-logging/otel-docs--languages-java-getting-started-0.log': {
      ...counts(2, 1, 2, 0),
      open_spans: 2,
    },
    [`${dotnet}-getting-started-0.log`]: { ...counts(1, 1, 1, 0), ...lasting(58.519) },
    [`${dotnet}-logs-correlation-2.log`]: { ...counts(1, 1, 1, 0), ...lasting(36.168) },
    [`${dotnet}-resources-4.log`]: { ...counts(1, 1, 1, 0), ...lasting(0.392) },
    [`${dotnet}-traces-getting-started-console-6.log`]: { ...counts(1, 1, 1, 0), ...lasting(9.762) },
    [`${dotnet}-traces-links-creation-8.log`]: { ...counts(1, 1, 1, 0), ...lasting(0.866) },
    [`${dotnet}-traces-tail-based-sampling-10.log`]: { ...counts(2, 2, 2, 1), ...lasting(2.814, 0.003) },
    'public/ruby-console/otel-docs--languages-ruby-getting-started-0.log': {
      ...counts(1, 1, 1, 0),
      ...lasting(57.014),
    },
    [`${erlang}-0.log`]: { ...counts(1, 1, 1, 0), ...lasting(43.456) },
    // The parent of one span is on another machine.
    [`${erlang}-2.log`]: { ...counts(4, 3, 2, 0), orphans: 1, ...lasting(14.53, 1.544, 5.251) },
    'public/collector-debug/opentelemetry-collector--two_spans.out': {
      ...counts(2, 2, 2, 1),
      ...lasting(1000, 1000),
    },
    'public/chrome-trace/speedscope--multiprocess.json': {
      ...counts(8, 4, 8, 0),
      ...lasting(0.001, 0.001, 0.001, 0.001),
    },
    'public/chrome-trace/speedscope--simple.json': nested,
    'public/chrome-trace/speedscope--simple-partial.json': nested,
  };
}

/** Durations of traces in milliseconds. */
function lasting(...milliseconds: readonly number[]): Partial<Fact> {
  return {
    sum_trace_duration_ms: milliseconds.reduce((before, duration) => before + duration, 0),
    max_trace_duration_ms: Math.max(...milliseconds),
  };
}
