// Writes a corpus of agent runs and, beside it, what any correct answer about it must be (`<out>.truth.json`).
// Spans come in the order they ended, many runs interleaved, so every root (the only span that names the user) comes last.
// The same size, seed and mix give the same spans in every format, and the same bytes every time.
//
//   node bench/generate.js --mb 100 --out perf-data/spans.jsonl
//   node bench/generate.js --mb 100 --format js-console --mix dialects --out perf-data/console.log
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { flatLines, jaeger, jsConsole, pythonConsole, zipkin } from './corpus/other-formats.js';
import { oneDocument, requests } from './corpus/otlp-json.js';
import { lengthPrefixed } from './corpus/otlp-proto.js';
import { proseOf, randomOf } from './corpus/random.js';
import { makeRun, shapedRuns } from './corpus/runs.js';
import { Truth } from './corpus/truth.js';

/** What a corpus can be written as. */
export const FORMATS = {
  lines: requests,
  document: oneDocument,
  proto: lengthPrefixed,
  flat: flatLines,
  'python-console': pythonConsole,
  'js-console': jsConsole,
  zipkin,
  jaeger,
};

const RUNS_IN_FLIGHT = 32;
const MOST_SPANS = { inBatch: 100, inSmallFile: 6, inPiece: 4 };
const CHUNK = 4_000_000;

/**
 * Writes the corpus and its truth; returns the truth.
 * Its size is told as `megabytes` (of OTLP JSON lines, whatever the format) or as a number of `runs`; `shape` (`deep`, `wide`,
 * `usual`) makes `count` calls of that shape instead. `files` makes `out` a folder of small files.
 */
export function generate(options) {
  const { out, format = 'lines', layout = 'usual', seed = 1, files = false } = options;
  const random = randomOf(seed);
  const truth = new Truth();
  const output = files ? smallFiles(out) : oneFile(out);
  // Layouts, batches and the pool of prose have random numbers of their own: the spans are the same whatever these are.
  const writer = FORMATS[format](randomOf(seed + 1), layout);
  output.write(writer.head ?? '');
  for (const spans of batches(
    runsOf(random, { ...options, seed }, truth),
    randomOf(seed + 2),
    writer.wholeRuns,
    files,
  )) {
    output.write(writer.batch(spans));
    output.next();
  }
  output.write(writer.tail ?? '');
  const written = { seed, ...truth.written(output.close()) };
  writeFileSync(truthFile(out), `${JSON.stringify(written)}\n`);
  return written;
}

/** Where the truth about a corpus is. */
export const truthFile = (out) => `${out}.truth.json`;

function* runsOf(random, options, truth) {
  const { megabytes, runs = Number.POSITIVE_INFINITY, mix = 'plain', shape, count, seed } = options;
  if (shape !== undefined) {
    for (const run of shapedRuns(random, shape, count)) {
      truth.add(run, truth.traces === 0);
      yield run;
    }
    return;
  }
  const prose = proseOf(random, randomOf(seed + 3), (megabytes ?? 100) * 200_000);
  const target = megabytes === undefined ? Number.POSITIVE_INFINITY : megabytes * 1_000_000;
  let isShown = false;
  for (let weight = 0; weight < target && truth.traces < runs; ) {
    const run = makeRun(random, prose, truth.traces, mix);
    // A run of the middle, to be looked for.
    const isNext = !isShown && (weight >= target / 2 || truth.traces >= runs / 2);
    const chosen = isNext && run.spans.length >= 8;
    if (chosen) isShown = true;
    truth.add(run, chosen);
    for (const span of run.spans) weight += span.weight;
    yield run;
  }
}

/** Interleaves runs and cuts them into what is exported at once. */
function* batches(runs, random, wholeRuns, small) {
  if (wholeRuns) {
    for (const { spans } of runs) yield spans;
    return;
  }
  const inFlight = [];
  const most = small ? MOST_SPANS.inSmallFile : MOST_SPANS.inBatch;
  let size = 1 + random.below(most);
  let batch = [];
  for (let more = true; more || inFlight.length > 0; ) {
    while (more && inFlight.length < RUNS_IN_FLIGHT) {
      const { value, done } = runs.next();
      if (done) more = false;
      else inFlight.push({ spans: value.spans, sent: 0 });
    }
    if (inFlight.length === 0) break;
    const slot = random.below(inFlight.length);
    const run = inFlight[slot];
    const until = Math.min(run.spans.length, run.sent + 1 + random.below(MOST_SPANS.inPiece));
    for (; run.sent < until; run.sent++) {
      batch.push(run.spans[run.sent]);
      if (batch.length < size) continue;
      yield batch;
      batch = [];
      size = 1 + random.below(most);
    }
    if (run.sent === run.spans.length) inFlight.splice(slot, 1);
  }
  if (batch.length > 0) yield batch;
}

function oneFile(out) {
  mkdirSync(dirname(out), { recursive: true });
  const file = openSync(out, 'w');
  let bytes = 0;
  let held = [];
  let length = 0;
  const flush = () => {
    const content = Buffer.concat(held);
    for (let at = 0; at < content.length; ) at += writeSync(file, content, at);
    bytes += content.length;
    held = [];
    length = 0;
  };
  return {
    write: (content) => {
      held.push(Buffer.from(content));
      length += content.length;
      if (length > CHUNK) flush();
    },
    next: () => undefined,
    close: () => {
      flush();
      closeSync(file);
      return bytes;
    },
  };
}

/** Every batch in a file of its own, a thousand files a folder. */
function smallFiles(out) {
  rmSync(out, { recursive: true, force: true });
  let bytes = 0;
  let number = 0;
  let held = '';
  return {
    write: (content) => {
      held += content;
    },
    next: () => {
      const folder = join(out, String(Math.floor(number / 1000)).padStart(3, '0'));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${String(number++).padStart(6, '0')}.jsonl`), held);
      bytes += Buffer.byteLength(held);
      held = '';
    },
    close: () => bytes,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { values } = parseArgs({
    options: {
      mb: { type: 'string', default: '100' },
      out: { type: 'string', default: 'perf-data/spans.jsonl' },
      format: { type: 'string', default: 'lines' },
      mix: { type: 'string', default: 'plain' },
      layout: { type: 'string', default: 'usual' },
      seed: { type: 'string', default: '1' },
    },
  });
  const { mb, seed, ...named } = values;
  const truth = generate({ ...named, megabytes: Number(mb), seed: Number(seed) });
  console.log(`${values.out}: ${truth.bytes} bytes, ${truth.spans} spans, ${truth.traces} traces`);
}
