import { statSync } from 'node:fs';
import { nearest, type Projection, type SpanSink, type SpanSource, UserError } from '../model/index.ts';
import { Assemblers } from './assemblers.ts';
import { INPUT_FORMATS } from './catalogue.ts';
import { fileBytes } from './file.ts';
import { namedPipeBytes, Pipe } from './pipe.ts';
import {
  dispatcherOf,
  type InputsRead,
  type LastRead,
  laneOf,
  type Reading,
  readInputs,
  totalOf,
} from './read-inputs.ts';
import { stampOf } from './read-stream.ts';
import { type StartReader, type StartUnpacker, startThread, startUnpacker } from './reader-thread.ts';
import type { Rereading } from './reread.ts';
import { type Input, readable, resolveInputs } from './resolve.ts';
import type { ScannerChoice } from './row-lane.ts';
import { Spool } from './spool.ts';
import type { Tally } from './tally.ts';
import type { Stream } from './thread/reading.ts';
import { divisionOf, divisionOfStream } from './thread/worth.ts';

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
  /** How many threads may read, where somebody insists; 2: however little there is. */
  readonly threads?: 1 | 2 | undefined;
  /** Who reads in the other one, a thread if nobody else does. */
  readonly reader?: StartReader | undefined;
  /** The same for who unpacks. */
  readonly unpacker?: StartUnpacker | undefined;
  /** Told how many bytes were read, of how many where that is known. */
  readonly onProgress?: ((bytes: number, total: number | undefined) => void) | undefined;
};

export type OpenedInputs = SpanSource & {
  /**
   * There is to be no more: a stream that is the only input ends where it is, and `read` with it, soon. Over once what came of
   * the stream has been told; at once where there are other inputs.
   */
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Finds what the names on the command line stand for: files, folders, globs, `-` or nothing at all for standard input. What
 * was found before is taken as it is.
 * Nothing is read before `read`, which may be called again; `close` lets go of what was kept of standard input.
 * Throws a `UserError` for names that stand for nothing, files that cannot be read and formats that do not exist.
 */
export async function openInputs(
  inputs: readonly string[] | readonly Input[],
  options: OpenOptions,
): Promise<OpenedInputs> {
  const { inputFormat, once = false } = options;
  if (inputFormat !== undefined) checkFormat(inputFormat);
  const found = areFound(inputs) ? inputs : await resolveInputs(inputs);
  const spools = new Map<Input, Spool>();
  const stopped = new AbortController();
  let handOver: Stream['handOver'] = () => undefined;
  for (const input of found) {
    if (input.kind === 'stdin') {
      const pipe = new Pipe(options.stdin);
      spools.set(input, new Spool(pipe.bytes()));
      if (once) handOver = () => pipe.handOver();
    } else if (input.kind === 'pipe') spools.set(input, new Spool(namedPipeBytes(input.path)));
  }
  const way = { handOver, stopped: stopped.signal };
  const bytesOf = (input: Input): AsyncGenerator<Buffer> => {
    if (input.kind === 'file') return fileBytes(input.path);
    const spool = spools.get(input)!;
    return once ? spool.drain() : spool.read();
  };
  let last: LastRead | undefined;
  let reading: Promise<InputsRead> | undefined;
  return {
    read: async (sink, projection) => {
      last = undefined;
      reading = readAll(found, bytesOf, way, options, sink, projection);
      const { sources, rows } = await reading;
      last = rows;
      return sources;
    },
    reread: async (rows, sink, projection) =>
      last !== undefined && (await rereadAll(found, last, rows, { sink, projection, inputFormat })),
    stop: async () => {
      if (found.length > 1) return;
      stopped.abort();
      for (const spool of spools.values()) {
        spool.stop();
        await reading;
      }
    },
    close: async () => {
      for (const spool of spools.values()) await spool.close();
    },
  };
}

const areFound = (inputs: readonly string[] | readonly Input[]): inputs is readonly Input[] =>
  typeof inputs[0] === 'object';

function checkFormat(name: string): void {
  if (INPUT_FORMATS.includes(name)) return;
  const close = nearest(name, INPUT_FORMATS);
  throw new UserError(`--input-format ${name}: no such format`, {
    hint: `${close === undefined ? '' : `Did you mean ${close}? `}They are listed by: agentobs formats`,
  });
}

/** Reads everything: with the help of another thread, where that is worth while. */
async function readAll(
  inputs: readonly Input[],
  bytesOf: (input: Input) => AsyncGenerator<Buffer>,
  way: Omit<Stream, 'bytes'>,
  { inputFormat, scanner, threads, reader = startThread, unpacker = startUnpacker, onProgress }: OpenOptions,
  sink: SpanSink,
  projection: Projection,
): Promise<InputsRead> {
  const { rows } = sink;
  const total = totalOf(inputs);
  const reading: Reading = {
    ...{ sink, rows, wire: rows, projection, inputFormat, scanner },
    onBytes: (bytes) => onProgress?.(bytes, total),
  };
  if (threads === 1) return readInputs(inputs, bytesOf, reading);
  const insist = threads === 2;
  const wish = { rows: rows !== undefined && laneOf(reading) !== undefined, insist };
  const only = inputs.length === 1 && inputs[0]!.kind !== 'file' ? bytesOf(inputs[0]!) : undefined;
  const { division, bytes } =
    only === undefined
      ? { division: divisionOf(inputs, wish), bytes: only }
      : await divisionOfStream(only, wish);
  let unread = bytes;
  if (division === 'read' && rows !== undefined) {
    const { readInThread } = await import('./thread/reading.ts');
    const stream = bytes && { bytes, ...way };
    const found = await readInThread({ inputs, stream, start: reader, insist }, { ...reading, rows });
    if ('sources' in found) return found;
    unread = found.unread;
  }
  const rest = unread === undefined ? bytesOf : () => unread;
  if (division !== 'unpack') return readInputs(inputs, rest, reading);
  const { Unpacking } = await import('./thread/unpacking.ts');
  const unpacking = new Unpacking(unpacker);
  try {
    return await readInputs(inputs, rest, { ...reading, unpacks: unpacking.unpack });
  } finally {
    await unpacking.close();
  }
}

/** The rows of the last read, from where they stood; false where that is not known, or files have changed. */
async function rereadAll(
  inputs: readonly Input[],
  { lane, stamps }: LastRead,
  rows: readonly number[],
  reading: Pick<Reading, 'projection' | 'inputFormat'> & Pick<Rereading, 'sink'>,
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
