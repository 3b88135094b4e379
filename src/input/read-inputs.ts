import type { Projection, RowSink, SourceInfo, SpanSink } from '../model/index.ts';
import { Assemblers } from './assemblers.ts';
import { Dispatcher } from './dispatch.ts';
import type { Pace } from './feed.ts';
import { FORMATS } from './formats/index.ts';
import { otlpJson } from './formats/otlp-json.ts';
import { OTLP_PROTO } from './formats/otlp-proto-head.ts';
import type { Unpack } from './packing.ts';
import { type RowOptions, readPlainFile, readStream } from './read-stream.ts';
import { type Input, readable } from './resolve.ts';
import { type LaneSink, RowLane, type ScannerChoice, WINDOW } from './row-lane.ts';
import { Tally } from './tally.ts';
import { TEXT_FORMATS } from './text-formats/index.ts';
import { WireLane } from './wire/wire-lane.ts';

/** How inputs are read, and where what they hold is put. */
export type Reading = {
  /** `rows` of it is not looked at, but these two: who takes rows of text, and of protobuf. */
  readonly sink: SpanSink;
  readonly rows: LaneSink | undefined;
  readonly wire: RowSink | undefined;
  readonly projection: Projection;
  readonly inputFormat: string | undefined;
  readonly scanner: ScannerChoice | undefined;
  /** Told how many bytes were read. */
  readonly onBytes: (bytes: number) => void;
  readonly pace?: Pace | undefined;
  readonly piece?: number | undefined;
  readonly unpacks?: Unpack | undefined;
};

/** What was found, input by input; and where the rows stood, and what the files were, if rows were taken. */
export type InputsRead = { readonly sources: readonly SourceInfo[]; readonly rows: LastRead | undefined };
export type LastRead = { readonly lane: RowLane; readonly stamps: readonly (string | undefined)[] };

/** How many bytes inputs have, as far as that is known. */
export function totalOf(inputs: readonly Input[]): number | undefined {
  let total = 0;
  for (const input of inputs) {
    if (input.kind !== 'file') return undefined;
    total += input.size;
  }
  return total;
}

export async function readInputs(
  inputs: readonly Input[],
  bytesOf: (input: Input) => AsyncGenerator<Buffer>,
  reading: Reading,
): Promise<InputsRead> {
  const { sink, pace, piece } = reading;
  const total = totalOf(inputs);
  const assemblers = new Assemblers();
  const lane = laneOf(reading);
  const wire = wireOf(reading);
  const kept: {
    readonly input: Input;
    readonly bytes: number;
    readonly tally: Tally;
    readonly found: ReadonlySet<string>;
  }[] = [];
  const stamps: (string | undefined)[] = [];
  let before = 0;
  let memory: Buffer = Buffer.allocUnsafeSlow(WINDOW);
  for (const input of inputs) {
    let bytes = 0;
    const count = (position: number): void => {
      if (position <= bytes) return;
      bytes = position;
      reading.onBytes(before + bytes);
    };
    const tally = new Tally(sink);
    const dispatcher = dispatcherOf(input, tally, assemblers, reading);
    const rows: RowOptions = { source: input.name, tally, lane, wire, total, memory, pace, piece };
    await readable(input.name, () =>
      readOne(input, () => counting(bytesOf(input), count), dispatcher, rows, reading, count),
    );
    memory = rows.memory;
    const { found } = dispatcher;
    before += bytes;
    stamps.push(rows.stamp);
    if (lane !== undefined) {
      lane.before += tally.spans;
      lane.input = stamps.length;
    }
    if (isUnknown(input, tally, found)) sink.skip('unknown_file', { source: input.name, line: 1 });
    else kept.push({ input, bytes, tally, found });
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

/** The way of rows for these inputs, where there is one. */
export function laneOf({
  rows,
  inputFormat,
  projection,
  scanner,
}: Pick<Reading, 'rows' | 'inputFormat' | 'projection' | 'scanner'>): RowLane | undefined {
  const offered = inputFormat === undefined || inputFormat === otlpJson.name ? rows : undefined;
  return offered && new RowLane(offered, projection, scanner);
}

/** The same for protobuf. */
function wireOf({ wire, inputFormat, scanner }: Reading): WireLane | undefined {
  if (wire === undefined || (inputFormat !== undefined && inputFormat !== OTLP_PROTO.name)) return undefined;
  return new WireLane(wire, scanner);
}

export function dispatcherOf(
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
  { inputFormat, unpacks }: Reading,
  count: (position: number) => void,
): Promise<void> {
  const protobuf = inputFormat === undefined || inputFormat === OTLP_PROTO.name;
  if (input.kind === 'file' && (await readPlainFile(input.path, dispatcher, { protobuf }, rows, count)))
    return;
  const bytes = bytesOf();
  try {
    await readStream(bytes, dispatcher, { protobuf, rows, unpacks });
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
