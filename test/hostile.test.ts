import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentobs, type Run, root } from './agentobs.ts';
import { type Answer, inProcess, type SpanNode } from './answer.ts';

// Damaged and hostile input, through the built program. The same table holds for the project's own small files and, where
// they are at hand, for a larger set with the same names and the same facts that is kept beside the checkout.

const LIMIT = { timeout: 30_000 };
/** C0 and C1 controls but the line feed, and the characters that turn text around or hide in it. */
const CONTROLS = /[\0-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069]/;

type Case = {
  readonly file: string;
  readonly must: string;
  readonly input?: Partial<Answer['input']>;
  /** Input and output tokens of all billed calls. */
  readonly tokens?: readonly [number, number];
  /** Reasons in `input.skipped` and where the first of each stood (the end of `file:line`). */
  readonly skipped?: Readonly<Record<string, RegExp>>;
  readonly warnings?: readonly string[];
  readonly stderr?: RegExp;
  readonly check?: (answer: Answer, run: Run) => void;
};

const TREE: Partial<Answer['input']> = { spans: 3, traces: 1, roots: 1, orphans: 0 };

const READ: readonly Case[] = [
  {
    file: 'truncated-last-line.jsonl',
    must: 'keep the whole lines and name the cut one',
    input: { ...TREE, complete: false },
    tokens: [300, 50],
    skipped: { truncated: /:4$/ },
    stderr: /truncated-last-line\.jsonl:4/,
  },
  {
    file: 'truncated-document.json',
    must: 'keep the whole spans of a document that was cut off',
    input: { spans: 2, traces: 1, roots: 1, complete: false },
    tokens: [100, 20],
    skipped: { truncated: /truncated-document\.json:\d+$/ },
    stderr: /truncated-document\.json:\d+/,
  },
  {
    file: 'bom-crlf.jsonl',
    must: 'read through a byte order mark and CRLF without a word',
    input: { ...TREE, skipped: [], warnings: [], complete: true },
    tokens: [300, 50],
  },
  {
    file: 'invalid-utf8.jsonl',
    must: 'show bytes that are no text as U+FFFD',
    input: TREE,
    tokens: [300, 50],
    check: (answer) => expect(answer.traces[0]!.roots[0]!.name).toContain('\ufffd'),
  },
  {
    file: 'nul-bytes.jsonl',
    must: 'step over a run of NUL bytes and say so once',
    input: TREE,
    tokens: [300, 50],
    skipped: { nul_bytes: /:2$/ },
    stderr: /nul-bytes\.jsonl:2/,
  },
  {
    file: 'duplicates.jsonl',
    must: 'count a span once and name the one that was reported with other content',
    input: { ...TREE, duplicates: 3 },
    tokens: [300, 50],
    warnings: ['conflicting_duplicate'],
    stderr: /0000000000000003/,
  },
  {
    file: 'orphans.jsonl',
    must: 'keep a subtree whose parent is missing',
    input: { spans: 3, traces: 1, roots: 1, orphans: 1 },
    tokens: [100, 20],
    check: (answer) => expect(nodes(answer)).toHaveLength(3),
  },
  {
    file: 'cycle.jsonl',
    must: 'cut a circle of parents and name it',
    input: { spans: 4, traces: 1, roots: 1 },
    warnings: ['cycle'],
    stderr: /circle/,
    check: (answer) => expect(nodes(answer)).toHaveLength(4),
  },
  {
    file: 'self-parent.jsonl',
    must: 'take a span that is its own parent for a root and say so',
    input: { spans: 2, traces: 1 },
    warnings: ['self_parent'],
    check: (answer) => {
      expect(answer.traces[0]!.roots).toHaveLength(1);
      expect(nodes(answer)).toHaveLength(2);
    },
  },
  {
    file: 'time-trouble.jsonl',
    must: 'keep every span and no absurd duration',
    input: { spans: 10, traces: 1, roots: 1 },
    warnings: ['bad_time', 'end_before_start'],
    check: (answer, { stdout }) => {
      expect(stdout).not.toMatch(/NaN|Infinity/);
      expect(nodes(answer)).toHaveLength(10);
      expect(nodes(answer).every((node) => (node.duration_ms ?? 0) >= 0)).toBe(true);
      expect(answer.traces[0]!.duration_ms).toBeLessThan(10_000);
      expect(named(answer, '0000000000000005').duration_ms).toBe(0.000333);
    },
  },
  {
    file: 'bad-ids.jsonl',
    must: 'count every span, and know an id in upper case or base64 again',
    check: (answer) => {
      const refused = answer.input.skipped.find(({ reason }) => reason === 'bad_span')?.count ?? 0;
      expect(answer.input.spans + refused).toBe(12);
      const first = answer.traces.find(({ roots }) => roots.some(({ name }) => name === 'good'))!;
      const ids = flat(first.roots).map((node) => node.span_id);
      expect(ids).toContain('0000000000000006');
      expect(ids).toContain('0000000000000008');
    },
  },
  {
    file: 'odd-tokens.jsonl',
    must: 'price the one good call and nothing else',
    check: (answer, { stdout }) => {
      const refused = answer.input.skipped.reduce((sum, { count }) => sum + count, 0);
      expect(answer.input.spans + refused).toBe(8);
      expect(stdout).not.toMatch(/NaN|Infinity|"-/);
      const good = named(answer, '0000000000000007');
      expect(Number(good.cost_usd)).toBeGreaterThan(0);
      expect(answer.traces[0]!.cost_usd).toBe(good.cost_usd);
      expect(answer.traces[0]!.unpriced_calls).toBeGreaterThanOrEqual(5);
    },
  },
  {
    file: 'proto-keys.jsonl',
    must: 'take __proto__ and its kin for the names they are',
    input: { spans: 1, traces: 1 },
    check: (answer) => {
      expect(answer.traces[0]).toMatchObject({
        user: '__proto__',
        session: 'constructor',
        service: 'toString',
      });
      expect(answer.traces[0]!.roots[0]).toMatchObject({ name: '__proto__', model: '__proto__' });
    },
  },
  {
    file: 'terminal-escapes.jsonl',
    must: 'carry control characters in JSON, escaped',
    input: { spans: 4, traces: 1, roots: 1 },
    check: (answer, { stdout }) => {
      expect(stdout).not.toMatch(/[\0-\x08\x0b-\x1f\x7f]/);
      expect(named(answer, '0000000000000001').name).toContain('\x1b[31m');
    },
  },
  {
    file: 'deep-json.jsonl',
    must: 'refuse what is nested too deeply and read on',
    input: { spans: 4 },
    tokens: [300, 50],
    skipped: { too_deep: /:4$/ },
    stderr: /deep-json\.jsonl:4/,
  },
  { file: 'utf16le.json', must: 'read UTF-16 with a byte order mark', input: { spans: 1, traces: 1 } },
  {
    file: 'gzip-truncated.jsonl.gz',
    must: 'keep what was decoded and say that the stream ends early',
    input: { traces: 1, roots: 1, complete: false },
    skipped: { compression: /gzip-truncated\.jsonl\.gz/ },
    stderr: /gzip-truncated\.jsonl\.gz/,
    check: (answer) => expect(answer.input.spans).toBeGreaterThanOrEqual(2),
  },
  { file: 'gzip-wrong-name.jsonl', must: 'know gzip by its bytes', input: { ...TREE, complete: true } },
  { file: 'gzip-two-members.jsonl.gz', must: 'read every member', input: { ...TREE, complete: true } },
  {
    file: 'collector-size-prefixed-zstd.bin',
    must: 'read length-prefixed zstd messages',
    input: { ...TREE, complete: true },
  },
  {
    file: 'mixed-formats.log',
    must: 'decide record by record, and take a log line for a log',
    input: { spans: 4, traces: 1, roots: 1, orphans: 0, logs: 1, complete: true },
    tokens: [300, 50],
  },
];

const REFUSED: readonly { readonly file: string; readonly stderr: RegExp }[] = [
  { file: 'empty.jsonl', stderr: /empty/i },
  { file: 'only-whitespace.jsonl', stderr: /empty/i },
  { file: 'not-a-trace.json', stderr: /nothing .* is telemetry/ },
  { file: 'html-error-page.json', stderr: /nothing .* is telemetry/ },
];

const FOLDERS = [
  { name: 'fixtures/hostile', folder: join(root, 'fixtures/hostile') },
  { name: 'the samples beside the checkout', folder: join(root, '../shared/samples/hostile') },
];

describe.each(FOLDERS)('hostile input of $name', ({ name, folder }) => {
  const absent = !existsSync(folder);

  it.concurrent.for(READ.map((one) => [one.file, one.must, one] as const))(
    '%s: must %s',
    LIMIT,
    async ([, , expected], { skip }) => {
      skip(absent, `${name} are not here`);
      const run = await show(join(folder, expected.file));
      behaves(run);
      expect(run.code, run.stderr).toBe(0);
      const answer = JSON.parse(run.stdout) as Answer;
      expect(answer.input).toMatchObject(expected.input ?? {});
      if (expected.tokens !== undefined) expect(tokens(answer)).toEqual(expected.tokens);
      for (const [reason, place] of Object.entries(expected.skipped ?? {})) {
        expect(answer.input.skipped).toContainEqual({
          reason,
          count: 1,
          first: expect.stringMatching(place),
        });
      }
      const kinds = answer.input.warnings.map(({ kind }) => kind);
      expect(kinds).toEqual(expect.arrayContaining([...(expected.warnings ?? [])]));
      if (expected.stderr !== undefined) expect(run.stderr).toMatch(expected.stderr);
      expected.check?.(answer, run);
      expect((await strictly(join(folder, expected.file))).code).toBe(isComplete(answer) ? 0 : 2);
    },
  );

  it.concurrent.for(REFUSED.map(({ file, stderr }) => [file, stderr] as const))(
    '%s: refused with a clear message',
    LIMIT,
    async ([file, stderr], { skip }) => {
      skip(absent, `${name} are not here`);
      const run = await show(join(folder, file));
      behaves(run);
      expect(run.code).toBe(2);
      expect(run.stdout).toBe('');
      expect(run.stderr).toMatch(stderr);
      expect(run.stderr).toContain(file);
    },
  );

  it.concurrent(
    'terminal-escapes.jsonl: nothing but our own colours reaches a terminal',
    LIMIT,
    async ({ skip }) => {
      skip(absent, `${name} are not here`);
      const file = join(folder, 'terminal-escapes.jsonl');
      for (const args of [
        ['trace', 'show'],
        ['trace', 'list'],
        ['cost', '--by', 'root'],
      ]) {
        const plain = await agentobs([...args, '--color', 'never', file]);
        expect(plain.stdout).not.toMatch(CONTROLS);
        const coloured = await agentobs([...args, '--color', 'always', file], { env: { NO_COLOR: '' } });
        expect(coloured.stdout.replaceAll(/\x1b\[[\d;]*m/g, '')).not.toMatch(CONTROLS);
        expect(coloured.stdout).not.toContain('\x1b[2J');
        expect(coloured.stdout.split('\n')).toHaveLength(plain.stdout.split('\n').length);
      }
    },
  );
});

describe('large input', () => {
  const folder = mkdtempSync(join(tmpdir(), 'agentobs-'));
  const file = (name: string) => join(folder, name);
  afterAll(() => rmSync(folder, { recursive: true }));

  describe('a chain 100,000 spans deep', () => {
    beforeAll(() => writeFileSync(file('chain.jsonl'), chain(100_000)));

    it.each([[['trace', 'list']], [['trace', 'show']], [['cost', '--by', 'user']]])(
      '%j answers',
      { timeout: 60_000 },
      async (args) => {
        const run = await agentobs([...args, '--format', 'json', file('chain.jsonl')]);
        behaves(run);
        expect(run.code, run.stderr).toBe(0);
        expect(run.stdout).toMatch(/"spans": ?100000\b/);
        expect(run.stdout).toMatch(/"roots": ?1\b/);
        expect(run.stdout).toMatch(/"input_tokens": ?7\b/);
        expect(run.stdout).toMatch(/"output_tokens": ?3\b/);
        if (args[1] === 'show') expect(deepest(run.stdout)).toBeGreaterThan(100_000);
      },
    );

    it('is drawn as a tree', { timeout: 60_000 }, async () => {
      const run = await agentobs(['trace', 'show', '--depth', '3', file('chain.jsonl')]);
      behaves(run);
      expect(run.code, run.stderr).toBe(0);
      expect(run.stdout).toContain('n1');
    });
  });

  it('reads a root with 100,000 children', { timeout: 30_000 }, async () => {
    writeFileSync(file('wide.jsonl'), wide(100_000));
    const run = await agentobs(['trace', 'list', '--format', 'json', file('wide.jsonl')]);
    behaves(run);
    expect(run.code, run.stderr).toBe(0);
    const answer = JSON.parse(run.stdout) as Answer;
    expect(answer.input).toMatchObject({ spans: 100_001, traces: 1, roots: 1, complete: true });
    expect(answer.traces[0]!.duration_ms).toBe(100_000);
    const drawn = await agentobs(['trace', 'show', file('wide.jsonl')]);
    behaves(drawn);
    expect(drawn.code, drawn.stderr).toBe(0);
  });

  it('keeps a five-megabyte prompt out of a tree that did not ask for it', { timeout: 30_000 }, async () => {
    writeFileSync(file('big.jsonl'), bigAttribute(5 * 1024 * 1024));
    const run = await show(file('big.jsonl'));
    behaves(run);
    const answer = JSON.parse(run.stdout) as Answer;
    expect(answer.input).toMatchObject({ spans: 2, complete: true });
    expect(tokens(answer)).toEqual([11, 0]);
    for (const options of [[], ['--attributes']]) {
      const drawn = await agentobs(['trace', 'show', ...options, file('big.jsonl')]);
      behaves(drawn);
      expect(drawn.code, drawn.stderr).toBe(0);
      expect(drawn.stdout.length).toBeLessThan(5000);
    }
  });
});

/** What holds for every run on any input: no stack trace, no crash. */
function behaves({ code, stdout, stderr }: Run): void {
  expect(code).not.toBeNull();
  for (const text of [stdout, stderr]) expect(text).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(stderr).not.toMatch(/RangeError|TypeError|SyntaxError|UnhandledPromise|fault of agentobs/);
}

function show(file: string, ...options: readonly string[]): Promise<Run> {
  return agentobs(['trace', 'show', '--pick', 'all', '--format', 'json', ...options, file]);
}

/** The same with `--strict`, without a process of its own. */
const strictly = (file: string) =>
  inProcess(['trace', 'show', '--pick', 'all', '--format', 'json', '--no-config', '--strict', file]);

const isComplete = ({ input, traces }: Answer): boolean =>
  input.complete && traces.every(({ unpriced_calls }) => unpriced_calls === 0);

function tokens({ traces }: Answer): [number, number] {
  return [
    traces.reduce((sum, { input_tokens }) => sum + input_tokens, 0),
    traces.reduce((sum, { output_tokens }) => sum + output_tokens, 0),
  ];
}

const flat = (roots: readonly SpanNode[]): SpanNode[] =>
  roots.flatMap((node) => [node, ...flat(node.children)]);
const nodes = ({ traces }: Answer): SpanNode[] => traces.flatMap(({ roots }) => flat(roots));

function named(answer: Answer, id: string): SpanNode {
  const node = nodes(answer).find(({ span_id }) => span_id === id);
  if (node === undefined) throw new Error(`no span ${id}`);
  return node;
}

function deepest(json: string): number {
  let depth = 0;
  let most = 0;
  for (const character of json) {
    if (character === '{') most = Math.max(most, ++depth);
    if (character === '}') depth--;
  }
  return most;
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
const START = 1_780_000_000_000_000_000n;
const request = (spans: string) => `{"resourceSpans":[{"scopeSpans":[{"spans":[${spans}]}]}]}\n`;

function chain(length: number): string {
  const lines: string[] = [];
  for (let i = 1; i <= length; i++) {
    const parent = i === 1 ? '' : `"parentSpanId":"${hex(i - 1, 16)}",`;
    const usage =
      i < length
        ? ''
        : ',"attributes":[{"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o"}},' +
          '{"key":"gen_ai.usage.input_tokens","value":{"intValue":"7"}},' +
          '{"key":"gen_ai.usage.output_tokens","value":{"intValue":"3"}}]';
    lines.push(
      request(
        `{"traceId":"${hex(1, 32)}","spanId":"${hex(i, 16)}",${parent}"name":"n${i}",` +
          `"startTimeUnixNano":"${START + BigInt(i)}","endTimeUnixNano":"${START + 1_000_000_000n - BigInt(i)}"${usage}}`,
      ),
    );
  }
  return lines.join('');
}

function wide(children: number): string {
  const span = (id: number, parent: string, from: number, to: number) =>
    `{"traceId":"${hex(2, 32)}","spanId":"${hex(id, 16)}",${parent}"name":"c",` +
    `"startTimeUnixNano":"${START + BigInt(from) * 1_000_000n}","endTimeUnixNano":"${START + BigInt(to) * 1_000_000n}"}`;
  const lines = [request(span(1, '', 0, children))];
  for (let from = 0; from < children; from += 1000) {
    const spans: string[] = [];
    for (let i = from; i < Math.min(from + 1000, children); i++)
      spans.push(span(i + 2, `"parentSpanId":"${hex(1, 16)}",`, i, i + 1));
    lines.push(request(spans.join(',')));
  }
  return lines.join('');
}

function bigAttribute(length: number): string {
  const span = (id: number, parent: string, key: string, value: string) =>
    `{"traceId":"${hex(3, 32)}","spanId":"${hex(id, 16)}",${parent}"name":"s${id}","startTimeUnixNano":"${START}",` +
    `"endTimeUnixNano":"${START + 5_000_000n}","attributes":[{"key":"${key}","value":${value}}]}`;
  return (
    request(span(1, '', 'gen_ai.prompt', `{"stringValue":"${'x'.repeat(length)}"}`)) +
    request(span(2, `"parentSpanId":"${hex(1, 16)}",`, 'gen_ai.usage.input_tokens', '{"intValue":"11"}'))
  );
}
