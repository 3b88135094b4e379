import { statSync } from 'node:fs';
import {
  nearest,
  type Projection,
  type RowSink,
  type SourceInfo,
  type SpanSink,
  type SpanSource,
  UserError,
} from '../model/index.ts';
import { Assemblers } from './assemblers.ts';
import { INPUT_FORMATS } from './catalogue.ts';
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

export type OpenOptions = {
  /** Looked at where it is an input. */
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** The only format that is looked for. */
  readonly inputFormat?: string | undefined;
  /** `read` is called once: what comes from a pipe need not be kept. */
  readonly once?: boolean | undefined;
  /** The scanner to be used, where somebody insists on one. */
  readonly scanner?: ScannerChoice | undefined;
  /** Told how many bytes were read, of how many where that is known. */
  readonly onProgress?: ((bytes: number, total: number | undefined) => void) | undefined;
};

export type OpenedInputs = SpanSource & { readonly close: () => Promise<void> };

/**
 * Finds what the names on the command line stand for: files, folders, globs, `-` or nothing at all for standard input.
 * Nothing is read before `read`, which may be called again; `close` lets go of what was kept of standard input.
 * Throws a `UserError` for names that stand for nothing, files that cannot be read and formats that do not exist.
 */
export async function openInputs(inputs: readonly string[], options: OpenOptions): Promise<OpenedInputs> {
  const { inputFormat, scanner, once = false, onProgress } = options;
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

type Reading = Pick<OpenOptions, 'inputFormat' | 'scanner' | 'onProgress'> & {
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
  const assemblers = new Assemblers();
  const read: { input: Input; bytes: number; tally: Tally; found: ReadonlySet<string> }[] = [];
  const { sink, projection, inputFormat } = reading;
  const offered = inputFormat === undefined || inputFormat === otlpJson.name ? sink.rows : undefined;
  const lane = offered && new RowLane(offered, projection, reading.scanner);
  const wire = inputFormat === undefined || inputFormat === OTLP_PROTO.name ? wireRows(sink.rows) : undefined;
  const stamps: (string | undefined)[] = [];
  let memory: Buffer = Buffer.allocUnsafeSlow(WINDOW);
  let before = 0;
  for (const input of inputs) {
    let bytes = 0;
    const count = (position: number): void => {
      if (position <= bytes) return;
      bytes = position;
      reading.onProgress?.(before + bytes, total);
    };
    const tally = new Tally(sink);
    const dispatcher = dispatcherOf(input, tally, assemblers, reading);
    const rows: RowOptions = { source: input.name, tally, lane, wire, total, memory };
    await readable(input.name, () =>
      readOne(input, () => counting(bytesOf(input), count), dispatcher, rows, reading, count),
    );
    memory = rows.memory;
    before += bytes;
    if (lane !== undefined) {
      lane.before += tally.spans;
      lane.input = stamps.push(rows.stamp);
    }
    const { found } = dispatcher;
    if (isUnknown(input, tally, found)) sink.skip('unknown_file', { source: input.name, line: 1 });
    else read.push({ input, bytes, tally, found });
  }
  assemblers.end();
  const sources = read.map(({ input, bytes, tally, found }) => {
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

/** The faster way for protobuf, one for all inputs; made when there is some. */
function wireRows(sink: RowSink | undefined): (() => WireRows) | undefined {
  let made: WireRows | undefined;
  return (
    sink &&
    (() => {
      made ??= new WireRows(sink);
      return made;
    })
  );
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
