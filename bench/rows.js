import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { costAnswer, costLines, equal, shownAnswer, slowestAnswer, slowestLines } from './check.js';
import { compressed, corpus } from './corpora.js';
import {
  megabytesPerSecond,
  peakAgainst,
  peakBelow,
  speedKept,
  timesAsLong,
  timesFaster,
  told,
} from './judge.js';
import { node, piped } from './measure.js';

// Every row of the table: what is asked, what is to be reached, and what is run for it. `prepare` makes the sides that run in
// turn, `ours` and mostly another one, and `judge`, which says what came out.

const here = dirname(fileURLToPath(import.meta.url));
const script = (name, ...args) => node(join(here, name), ...args);
const lineReader = (question, format, path) => script('contenders/line-reader.js', question, format, path);

/** What is measured: a built program and the size of the corpora. */
export function bench({ program, megabytes, seed }) {
  const agentobs = (...args) => node(program, ...args, '--no-config', '--format', 'json');
  const corpusOf = (options) => corpus({ megabytes, seed, format: 'lines', ...options });
  const cost = (data) => ({
    command: agentobs('cost', '--by', 'user', data.path),
    check: costAnswer(data.truth),
  });
  return { program, megabytes, seed, agentobs, corpusOf, cost };
}

const ANSWERS = [
  {
    key: 'cost',
    asks: '`cost --by user`, OTLP JSON lines, against lines with `JSON.parse`',
    goal: '≥ 12× as fast',
    prepare: ({ corpusOf, cost }) => {
      const data = corpusOf();
      const than = { command: lineReader('cost', 'lines', data.path), check: costLines(data.truth) };
      return { sides: { ours: cost(data), than }, judge: timesFaster(12) };
    },
  },
  {
    key: 'slowest',
    asks: '`trace list --pick slowest`, OTLP JSON lines, against lines with `JSON.parse`',
    prepare: ({ agentobs, corpusOf }) => {
      const { path, truth } = corpusOf();
      const ours = {
        command: agentobs('trace', 'list', '--pick', 'slowest', path),
        check: slowestAnswer(truth),
      };
      const than = { command: lineReader('slowest', 'lines', path), check: slowestLines(truth) };
      return { sides: { ours, than }, judge: timesFaster() };
    },
  },
  {
    key: 'document',
    asks: 'one giant document, against the same spans as JSON lines',
    goal: '≤ 1.10× the time',
    prepare: ({ corpusOf, cost }) => ({
      sides: { ours: cost(corpusOf({ format: 'document' })), than: cost(corpusOf()) },
      judge: timesAsLong(1.1),
    }),
  },
  {
    key: 'document-memory',
    asks: 'one giant document, peak memory against JSON lines',
    goal: '≤ 1.10× the memory',
    prepare: ({ corpusOf, cost }) => ({
      sides: { ours: cost(corpusOf({ format: 'document' })), than: cost(corpusOf()) },
      judge: peakAgainst(1.1),
    }),
  },
  {
    key: 'stdin',
    asks: '`cost --by user` from a pipe',
    goal: '≥ 500 MB/s',
    prepare: ({ agentobs, corpusOf }) => {
      const { path, truth, bytes } = corpusOf();
      const command = piped(path, agentobs('cost', '--by', 'user', '-'));
      return {
        sides: { ours: { command, check: costAnswer(truth) } },
        judge: megabytesPerSecond(500, bytes),
      };
    },
  },
  {
    key: 'show',
    asks: '`trace show --trace ID` in the whole corpus, against `cost`',
    goal: '≤ 1.30× the time',
    prepare: ({ agentobs, corpusOf, cost }) => {
      const data = corpusOf();
      const command = agentobs('trace', 'show', '--trace', data.truth.shown.trace, data.path);
      return {
        sides: { ours: { command, check: shownAnswer(data.truth) }, than: cost(data) },
        judge: timesAsLong(1.3),
      };
    },
  },
  {
    key: 'folder',
    asks: 'thousands of small files, against one file',
    prepare: ({ corpusOf, cost }) => ({
      sides: { ours: cost(corpusOf({ files: true })), than: cost(corpusOf()) },
      judge: timesAsLong(),
    }),
  },
];

/** Bytes that a format needs for the same spans differ: what counts is spans a second, or bytes where a goal says so. */
const inFormat = (key, asks, goal, judgeOf, options) => ({
  key,
  asks,
  goal,
  prepare: ({ corpusOf, cost }) => {
    const data = corpusOf({ format: key, ...options });
    const lines = corpusOf();
    return { sides: { ours: cost(data), than: cost(lines) }, judge: judgeOf(data, lines) };
  },
});

const spansKept = (goal) => (data, lines) => speedKept(goal, data.truth.spans, lines.truth.spans);
const bytesKept = (goal) => (data, lines) => speedKept(goal, data.bytes, lines.bytes);

/** Time to decompress over time to answer. */
const compressedRow = (how, name) => ({
  key: how,
  asks: `${name}, against decompressing alone`,
  goal: '≥ 80 % of the speed',
  prepare: async ({ corpusOf, cost }) => {
    const plain = corpusOf();
    const data = await compressed(plain, how);
    if (data === undefined) return { missing: `${how} is not installed` };
    const check = (stdout) => equal('bytes', Number(stdout), data.bytes);
    const than = { command: script('contenders/decompress.js', data.path), check };
    return { sides: { ours: cost(data), than }, judge: speedKept(0.8, 1, 1) };
  },
});

const CONSOLE = { goal: '≥ 150 MB/s', judgeOf: (data) => megabytesPerSecond(150, data.bytes) };

const FORMATS = [
  {
    key: 'flat',
    asks: 'flat JSON lines, against lines with `JSON.parse`',
    prepare: ({ corpusOf, cost }) => {
      const data = corpusOf({ format: 'flat' });
      const than = { command: lineReader('cost', 'flat', data.path), check: costLines(data.truth) };
      return { sides: { ours: cost(data), than }, judge: timesFaster() };
    },
  },
  inFormat('proto', 'protobuf, spans a second against JSON lines', '≥ 80 % of the speed', spansKept(0.8)),
  compressedRow('gz', 'gzip'),
  compressedRow('zst', 'zstd'),
  inFormat('python-console', 'console dump, Python', CONSOLE.goal, CONSOLE.judgeOf),
  inFormat('js-console', 'console dump, JavaScript', CONSOLE.goal, CONSOLE.judgeOf),
  inFormat('jaeger', 'Jaeger, spans a second against JSON lines', undefined, spansKept()),
  inFormat('zipkin', 'Zipkin, spans a second against JSON lines', undefined, spansKept()),
];

/** No special case for the benchmark: other ways to write the same things keep two thirds of the speed. */
const variant = (key, what, options) => ({
  ...inFormat(key, `${what}, bytes a second`, '≥ 67 % of the speed', bytesKept(2 / 3), {
    format: 'lines',
    ...options,
  }),
});

const VARIANTS = [
  variant('key-order', 'other key orders, values before keys, bare numbers', { layout: 'shuffled' }),
  variant('white-space', 'blanks between tokens', { layout: 'spaced' }),
  variant('indented', 'indented requests', { layout: 'pretty' }),
  variant('dialects', 'four vocabularies, every call priced', { mix: 'dialects' }),
  variant('attributes', 'a dozen more attributes a span', { mix: 'attributes' }),
  variant('everything', 'four vocabularies in any key order', { mix: 'dialects', layout: 'shuffled' }),
];

const MEMORY = [
  {
    key: 'memory',
    asks: 'peak memory of `cost --by user`',
    goal: '< 150 MB',
    prepare: ({ corpusOf, cost }) => ({ sides: { ours: cost(corpusOf()) }, judge: peakBelow(150) }),
  },
  {
    key: 'memory-fifth',
    asks: 'peak memory on a corpus a fifth of the size',
    goal: '< 150 MB',
    prepare: ({ megabytes, corpusOf, cost }) => ({
      sides: { ours: cost(corpusOf({ megabytes: megabytes / 5 })) },
      judge: peakBelow(150),
    }),
  },
  {
    key: 'memory-text',
    asks: 'peak memory when the same spans have four times the text',
    goal: '≤ 1.10× the memory',
    prepare: ({ megabytes, corpusOf, cost }) => {
      const short = corpusOf({ megabytes: megabytes / 5 });
      const long = corpusOf({ megabytes: undefined, runs: short.truth.traces, mix: 'long' });
      return { sides: { ours: cost(long), than: cost(short) }, judge: peakAgainst(1.1) };
    },
  },
];

/** Spans of one trace: as many as an ordinary corpus of the size has, and at most a hundred thousand. */
const shapeRow = (shape, asks) => ({
  key: shape,
  asks: `${asks}, \`trace list\` against traces of ten spans`,
  prepare: ({ megabytes, agentobs, corpusOf }) => {
    const count = Math.min(100_000, megabytes * 400);
    const listed = (of) => {
      const { path, truth } = corpusOf({ megabytes: undefined, shape: of, count });
      const check = (stdout) => equal('spans', JSON.parse(stdout).input.spans, truth.spans);
      return { command: agentobs('trace', 'list', '--limit', '1', path), check };
    };
    return { sides: { ours: listed(shape), than: listed('usual') }, judge: timesAsLong() };
  },
});

/** Time of a processor, for the path alone. */
const pathRow = (shape, asks) => ({
  key: `path-${shape}`,
  asks,
  goal: '< 1 s',
  prepare: () => ({
    sides: { ours: { command: script('critical-path.js', '--shape', shape), check: JSON.parse } },
    judge: told('seconds', { atMost: 1 }, 's', 2),
  }),
});

const TREES = [
  shapeRow('deep', 'one chain of up to 100,000 spans'),
  shapeRow('wide', 'one root with up to 100,000 children'),
  {
    key: 'span-bytes',
    asks: 'assembled, attributed and billed traces',
    goal: '≤ 100 bytes a span',
    prepare: () => ({
      sides: { ours: { command: script('trees.js', '--spans', '1e6'), check: JSON.parse } },
      judge: told('bytesPerSpan', { atMost: 100 }, 'bytes a span'),
    }),
  },
  {
    key: 'link',
    asks: 'assembling spans into trees',
    goal: '< 0.2 µs a span',
    prepare: () => ({
      sides: { ours: { command: script('trees.js', '--spans', '1e6'), check: JSON.parse } },
      judge: told('linkMicroseconds', { atMost: 0.2 }, 'µs a span', 2),
    }),
  },
  pathRow('wide', 'the critical path of one root with 300,000 children, one after the other'),
  pathRow('parallel', 'the same, all at once'),
  pathRow('deep', 'the critical path of a chain of 200,000 spans'),
  {
    key: 'ten-million',
    asks: 'ten million spans in memory',
    goal: '< 1,200 MB',
    prepare: () => ({
      sides: { ours: { command: script('trees.js', '--spans', '1e7'), check: JSON.parse } },
      judge: peakBelow(1200),
    }),
  },
  {
    key: 'pricing',
    asks: 'pricing',
    goal: '≥ 2 million calls a second',
    prepare: () => ({
      sides: { ours: { command: script('prices.js', '--json'), check: JSON.parse } },
      judge: told('millionsPerSecond', { atLeast: 2 }, 'million calls a second', 1),
    }),
  },
  {
    key: 'promql',
    asks: 'PromQL: `sum by (job) (rate(x[5m]))` of 100,000 series at 240 steps',
    goal: '< 10 s',
    prepare: () => ({
      sides: { ours: { command: script('promql.js', '--json'), check: JSON.parse } },
      judge: told('seconds', { atMost: 10 }, 's', 1),
    }),
  },
];

const STARTS_A_ROUND = 5;
const NOTHING = { file: process.execPath, args: ['-e', '0'] };

/** Time from start to end of a process that has next to nothing to do, against Node's own. */
const startRow = (key, asks, limit, argsOf) => ({
  key,
  asks: `${asks}, against \`node -e 0\``,
  goal: `≤ ${limit.toFixed(2)}× the time`,
  repeat: STARTS_A_ROUND,
  prepare: ({ program, seed }) => {
    const { path } = corpus({ runs: 1, seed });
    const command = { file: process.execPath, args: [program, ...argsOf(path)] };
    const ours = { command, check: (stdout) => equal('something said', stdout.length > 0, true) };
    const than = { command: NOTHING, check: (stdout) => equal('stdout', stdout, '') };
    return { sides: { ours, than }, judge: timesAsLong(limit) };
  },
});

const START = [
  startRow('help', '`--help`', 1.1, () => ['--help']),
  startRow('version', '`--version`', 1.1, () => ['--version']),
  startRow('start-cost', 'start of `cost --by user`', 1.3, (path) => [
    'cost',
    '--by',
    'user',
    '--no-config',
    path,
  ]),
  startRow('start-list', 'start of `trace list`', 1.3, (path) => ['trace', 'list', '--no-config', path]),
  startRow('start-show', 'start of `trace show`', 1.3, (path) => ['trace', 'show', '--no-config', path]),
  startRow('start-doctor', 'start of `doctor`', 1.3, (path) => ['doctor', '--no-config', path]),
  startRow('start-prices', 'start of `prices show`', 1.3, () => ['prices', 'show', 'gpt-4o', '--no-config']),
  startRow('start-formats', 'start of `formats`', 1.3, () => ['formats']),
];

export const ROWS = [...ANSWERS, ...FORMATS, ...VARIANTS, ...MEMORY, ...TREES, ...START];
