import { statSync } from 'node:fs';
import {
  type AheadInput,
  type AheadTask,
  append,
  nearest,
  type Projection,
  type RowPlace,
  type SourceInfo,
  type SpanSink,
  type SpanSource,
  UserError,
} from '../model/index.ts';
import { type Ahead, beginAhead } from './ahead.ts';
import { Assemblers } from './assemblers.ts';
import { INPUT_FORMATS } from './catalogue.ts';
import type { Cut } from './cut.ts';
import { Dispatcher } from './dispatch.ts';
import { fileBytes } from './file.ts';
import { FORMATS } from './formats/index.ts';
import { otlpJson } from './formats/otlp-json.ts';
import { OTLP_PROTO } from './formats/otlp-proto.ts';
import { namedPipeBytes, pipeBytes } from './pipe.ts';
import { type RowOptions, readStream, readTextFile, stampOf } from './read-stream.ts';
import type { Rereading } from './reread.ts';
import { type Input, readable, resolveInputs } from './resolve.ts';
import { RowLane, type ScannerChoice, WINDOW } from './row-lane.ts';
import { Spool } from './spool.ts';
import { Tally } from './tally.ts';
import { TEXT_FORMATS } from './text-formats/index.ts';
import { WireRows } from './wire/wire-rows.ts';

export { CATALOGUE, INPUT_FORMATS } from './catalogue.ts';
export { contentKey } from './shared-parts.ts';

export type OpenOptions = {
  /** Looked at where it is an input. */
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** The only format that is looked for. */
  readonly inputFormat?: string | undefined;
  /** `read` is called once: what comes from a pipe need not be kept. */
  readonly once?: boolean | undefined;
  /** The scanner to be used, where somebody insists on one. */
  readonly scanner?: ScannerChoice | undefined;
  /** How many threads may read, where somebody insists, and from where the second one is to read. */
  readonly threads?: 1 | 2 | undefined;
  readonly cut?: Cut | undefined;
  /** Told how many bytes were read, of how many where that is known, and how many of those to come were read ahead. */
  readonly onProgress?: ((bytes: number, total: number | undefined, ahead: number) => void) | undefined;
};

export type OpenedInputs = SpanSource & { readonly close: () => Promise<void> };

/**
 * Finds what the names on the command line stand for: files, folders, globs, `-` or nothing at all for standard input.
 * Nothing is read before `read`, which may be called again; `close` lets go of what was kept of standard input.
 * Throws a `UserError` for names that stand for nothing, files that cannot be read and formats that do not exist.
 */
export async function openInputs(inputs: readonly string[], options: OpenOptions): Promise<OpenedInputs> {
  const { inputFormat, scanner, threads, cut, once = false, onProgress } = options;
  if (inputFormat !== undefined) checkFormat(inputFormat);
  const found = await resolveInputs(inputs);
  const spools = new Map<Input, Spool>();
  for (const input of found) {
    if (input.kind === 'stdin') spools.set(input, new Spool(pipeBytes(options.stdin)));
    else if (input.kind === 'pipe') spools.set(input, new Spool(namedPipeBytes(input.path)));
  }
  const bytesOf = (input: Input): AsyncGenerator<Buffer> => {
    if (input.kind === 'file') return fileBytes(input.path);
    const spool = spools.get(input)!;
    return once ? spool.drain() : spool.read();
  };
  let last: LastRead | undefined;
  return {
    read: async (sink, projection) => {
      last = undefined;
      const { sources, rows } = await readAll(found, bytesOf, {
        sink,
        projection,
        inputFormat,
        scanner,
        threads,
        cut,
        onProgress,
      });
      last = rows;
      return sources;
    },
    reread: async (rows, sink, projection) =>
      last !== undefined && (await rereadAll(found, last, rows, { sink, projection, inputFormat })),
    close: async () => {
      for (const spool of spools.values()) await spool.close();
    },
  };
}

function checkFormat(name: string): void {
  if (INPUT_FORMATS.includes(name)) return;
  const close = nearest(name, INPUT_FORMATS);
  throw new UserError(`--input-format ${name}: no such format`, {
    hint: `${close === undefined ? '' : `Did you mean ${close}? `}They are listed by: agentobs formats`,
  });
}

type Reading = Pick<OpenOptions, 'inputFormat' | 'scanner' | 'threads' | 'cut' | 'onProgress'> & {
  readonly sink: SpanSink;
  readonly projection: Projection;
};

/** What is known of a read in which rows were taken: where they stood, and what the files were. */
type LastRead = { readonly lane: RowLane; readonly stamps: readonly (string | undefined)[] };

async function readAll(
  inputs: readonly Input[],
  bytesOf: (input: Input) => AsyncGenerator<Buffer>,
  reading: Reading,
): Promise<{ readonly sources: readonly SourceInfo[]; readonly rows: LastRead | undefined }> {
  const known = inputs.every(({ kind }) => kind === 'file');
  const total = known
    ? inputs.reduce((sum, input) => sum + ('size' in input ? input.size : 0), 0)
    : undefined;
  const { sink } = reading;
  const assemblers = new Assemblers();
  const lane = laneTo(sink, reading);
  const kept: InputRead[] = [];
  const stamps: (string | undefined)[] = [];
  let before = 0;
  let bytes = 0;
  let ahead: Ahead | undefined;
  const progress = (): void => reading.onProgress?.(before + bytes, total, ahead?.bytes ?? 0);
  ahead = beginAhead(inputs, lane && sink.ahead, reading, progress);
  const settle = (read: InputRead): void => {
    const { input, tally, found } = read;
    before += read.bytes;
    bytes = 0;
    stamps.push(read.stamp);
    if (lane !== undefined) {
      lane.before += tally.spans;
      lane.input = stamps.length;
    }
    if (isUnknown(input, tally, found)) sink.skip('unknown_file', { source: input.name, line: 1 });
    else kept.push(read);
  };
  const wire = wireTo(sink, reading);
  const each = { lane, wire, assemblers, total, from: 0, ahead, bytesOf };
  try {
    await readEach(inputs, each, reading, settle, (position) => {
      bytes = position;
      progress();
    });
  } finally {
    ahead?.stop();
  }
  assemblers.end();
  const sources = kept.map(({ input, bytes, tally, found }) => {
    tally.tellSkipped();
    return {
      name: input.name,
      format: found.size === 0 ? undefined : [...found].join('+'),
      bytes,
      spans: tally.spans,
      logs: tally.logs,
      skipped: tally.skipped,
    };
  });
  return { sources, rows: lane && { lane, stamps } };
}

function laneTo({ rows }: SpanSink, { inputFormat, projection, scanner }: Reading): RowLane | undefined {
  const offered = inputFormat === undefined || inputFormat === otlpJson.name ? rows : undefined;
  return offered && new RowLane(offered, projection, scanner);
}

/** The same for protobuf, one for all inputs; made when there is some. */
function wireTo({ rows }: SpanSink, { inputFormat }: Reading): (() => WireRows) | undefined {
  if (rows === undefined || (inputFormat !== undefined && inputFormat !== OTLP_PROTO.name)) return undefined;
  let made: WireRows | undefined;
  return () => {
    made ??= new WireRows(rows);
    return made;
  };
}

/** What was read of an input. */
type InputRead = {
  readonly input: Input;
  readonly bytes: number;
  readonly tally: Tally;
  readonly found: Set<string>;
  readonly stamp: string | undefined;
};

/** What all inputs share. */
type Each = {
  readonly lane: RowLane | undefined;
  readonly wire?: (() => WireRows) | undefined;
  readonly assemblers: Assemblers;
  readonly total: number | undefined;
  /** Where the first input is to be begun. */
  readonly from: number;
  readonly ahead: Ahead | undefined;
  readonly bytesOf: (input: Input) => AsyncGenerator<Buffer>;
};

/** Reads input after input. `settle` is told when one has been read, `count` how far it has come. */
async function readEach(
  inputs: readonly Input[],
  { lane, wire, assemblers, total, from, ahead, bytesOf }: Each,
  reading: Reading,
  settle: (read: InputRead) => void,
  count: (position: number) => void,
): Promise<void> {
  let memory: Buffer = Buffer.allocUnsafeSlow(WINDOW);
  for (const [index, input] of inputs.entries()) {
    const offset = ahead?.cut.input === index ? ahead.cut.offset : undefined;
    if (offset === 0 && (await ahead!.take(lane!.before, 1, undefined))) break;
    let bytes = 0;
    const further = (position: number): void => {
      if (position <= bytes) return;
      bytes = position;
      count(bytes);
    };
    const tally = new Tally(reading.sink);
    const dispatcher = dispatcherOf(input, tally, assemblers, reading);
    const rows: RowOptions = {
      ...{ source: input.name, tally, lane, wire, total, memory },
      from: index === 0 ? from : 0,
      ...(offset && {
        ahead: {
          offset,
          takeOver: (line: number) => ahead!.take(lane!.before + tally.spans, line, rows.stamp),
        },
      }),
    };
    await readable(input.name, () =>
      readOne(input, () => counting(bytesOf(input), further), dispatcher, rows, reading, further),
    );
    memory = rows.memory;
    const { found } = dispatcher;
    const { stamp } = rows;
    if (offset && ahead?.taken !== undefined) {
      bytes = join(ahead.taken[0]!, tally, found, lane);
    }
    settle({ input, bytes, tally, found, stamp });
    if (ahead?.taken !== undefined) break;
  }
  if (ahead?.taken === undefined) return;
  const { cut, taken } = ahead;
  for (const [index, part] of taken.entries()) {
    if (index === 0 && cut.offset > 0) continue;
    const tally = new Tally(reading.sink);
    const found = new Set<string>();
    const bytes = join(part, tally, found, lane);
    settle({ input: inputs[cut.input + index]!, bytes, tally, found, stamp: part.stamp });
  }
}

/** Adds what was found ahead to what is known of an input. Where the input ends. */
function join(part: AheadInput, tally: Tally, found: Set<string>, lane: RowLane | undefined): number {
  tally.spans += part.spans;
  for (const [reason, count, first] of part.skipped) tally.skip(reason, first, count);
  for (const format of part.formats) found.add(format);
  lane?.places.append(part.places);
  return part.bytes;
}

/**
 * Reads files ahead of somebody who reads what comes before them. Undefined where there is more in them than spans that stand
 * for themselves: what that means may depend on what comes before or behind.
 */
export async function readRest(
  { files, offset, total, inputFormat, scanner }: AheadTask,
  sink: SpanSink,
  projection: Projection,
  onProgress: (bytes: number) => void,
): Promise<readonly AheadInput[] | undefined> {
  const dependent = new Error('a log record may be a span, as others decide');
  const alone: SpanSink = {
    ...sink,
    log: () => {
      throw dependent;
    },
  };
  const reading: Reading = { sink: alone, projection, inputFormat, scanner };
  const assemblers = new Assemblers();
  const lane = laneTo(alone, reading);
  const read: InputRead[] = [];
  let before = -offset;
  const settle = (input: InputRead): void => {
    read.push(input);
    before += input.bytes;
    if (lane === undefined) return;
    lane.before += input.tally.spans;
    lane.input = read.length;
  };
  const bytesOf = (input: Input) => fileBytes((input as { readonly path: string }).path);
  const each = { lane, assemblers, total, from: offset, ahead: undefined, bytesOf };
  try {
    await readEach(files, each, reading, settle, (position) => onProgress(before + position));
  } catch (error) {
    if (error === dependent) return undefined;
    throw error;
  }
  const ofCut = offset > 0 ? [...read[0]!.found] : [];
  if (!assemblers.isEmpty || ofCut.some((format) => format !== otlpJson.name)) return undefined;
  const places = new Map<number, RowPlace[]>();
  for (const place of lane?.places.all ?? []) append(places, place.input, place);
  return read.map(({ bytes, tally, found, stamp }, index) => ({
    bytes,
    spans: tally.spans,
    skipped: tally.reasons,
    formats: [...found],
    stamp,
    places: places.get(index) ?? [],
  }));
}

/** The rows of the last read, from where they stood; false where that is not known, or files have changed. */
async function rereadAll(
  inputs: readonly Input[],
  { lane, stamps }: LastRead,
  rows: readonly number[],
  reading: Omit<Reading, 'sink'> & Pick<Rereading, 'sink'>,
): Promise<boolean> {
  const stretches = lane.places.stretches(rows);
  if (stretches === undefined) return false;
  const { reread } = await import('./reread.ts');
  const assemblers = new Assemblers();
  for (const stretch of stretches) {
    const input = inputs[stretch.input]!;
    if (input.kind !== 'file' || !isStill(input.path, stamps[stretch.input])) return false;
    const { path, name } = input;
    const dispatcherTo = (tally: Tally) => dispatcherOf(input, tally, assemblers, reading);
    const asked = {
      path,
      source: name,
      lane,
      sink: reading.sink,
      projection: reading.projection,
      dispatcherTo,
    };
    if (!(await readable(name, () => reread(stretch, asked)))) return false;
  }
  return true;
}

function isStill(path: string, stamp: string | undefined): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && stampOf(found) === stamp;
}

function dispatcherOf(
  { name }: Input,
  tally: Tally,
  assemblers: Assemblers,
  { projection, inputFormat }: Pick<Reading, 'projection' | 'inputFormat'>,
): Dispatcher {
  const wanted = (format: { readonly name: string }): boolean =>
    inputFormat === undefined || format.name === inputFormat;
  const formats = FORMATS.filter(wanted);
  return new Dispatcher(name, tally, projection, formats, TEXT_FORMATS.filter(wanted), assemblers);
}

async function readOne(
  input: Input,
  bytesOf: () => AsyncGenerator<Buffer>,
  dispatcher: Dispatcher,
  rows: RowOptions,
  { inputFormat }: Reading,
  count: (position: number) => void,
): Promise<void> {
  const protobuf = inputFormat === undefined || inputFormat === OTLP_PROTO.name;
  if (input.kind === 'file' && (await readTextFile(input.path, dispatcher, { protobuf }, rows, count)))
    return;
  const bytes = bytesOf();
  try {
    await readStream(bytes, dispatcher, { protobuf, rows });
  } finally {
    await bytes.return(undefined);
  }
}

/** A file in a folder that turned out to be something else: a README, a picture. What is in it is nobody's loss. */
function isUnknown(input: Input, tally: Tally, found: ReadonlySet<string>): boolean {
  return input.kind !== 'stdin' && input.member && found.size === 0 && !tally.damaged;
}

/** `count` is told how many bytes have come. */
async function* counting(
  bytes: AsyncGenerator<Buffer>,
  count: (position: number) => void,
): AsyncGenerator<Buffer> {
  let position = 0;
  for await (const chunk of bytes) {
    position += chunk.length;
    count(position);
    yield chunk;
  }
}
