import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { MessageChannel } from 'node:worker_threads';
import { openInputs } from '../src/input/index.ts';
import type { StartReader, StartUnpacker } from '../src/input/reader-thread.ts';
import type { ScannerChoice } from '../src/input/row-lane.ts';
import { answer } from '../src/input/thread/answer.ts';
import { answerPacked } from '../src/input/thread/answer-packed.ts';
import { type Answer, answerOf, compare } from './whole.ts';

// Input that somebody else reads up to rows, as another thread does: the answer is the same.

/** Somebody on the same thread who is told, and tells, nothing but messages. */
export const sameThread: StartReader = (order, hear) => {
  const { port1, port2 } = new MessageChannel();
  port2.on('message', hear);
  void answer(port1, structuredClone(order));
  return { say: (message) => port2.postMessage(message), stop: () => port2.close() };
};

/** The same of who unpacks. */
export const sameThreadUnpacker: StartUnpacker = (hear) => {
  const { port1, port2 } = new MessageChannel();
  port2.on('message', hear);
  answerPacked(port1);
  return { say: (message) => port2.postMessage(message), stop: () => port2.close() };
};

/** Throws unless two threads say what one says: of files, and of the same bytes from a pipe, so many at once. */
export async function checkThreads(
  files: readonly Buffer[],
  scanner: ScannerChoice,
  chunk: number,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'agentobs-threads-'));
  const paths = files.map((bytes, i) => {
    const path = join(folder, `${i}.jsonl`);
    writeFileSync(path, bytes);
    return path;
  });
  try {
    compare(await answerTo(paths, scanner, 2), await answerTo(paths, scanner, 1), 'files');
    const bytes = Buffer.concat(files);
    const ofPipe = async (threads: 1 | 2): Promise<Answer> =>
      answerTo(['-'], scanner, threads, pieces(bytes, chunk));
    compare(await ofPipe(2), await ofPipe(1), `pieces of ${chunk}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function answerTo(
  names: readonly string[],
  scanner: ScannerChoice,
  threads: 1 | 2,
  stdin: Readable = Readable.from([]),
): Promise<Answer> {
  const others = { reader: sameThread, unpacker: sameThreadUnpacker };
  const inputs = await openInputs(names, { stdin, once: true, scanner, threads, ...others });
  try {
    return await answerOf(inputs);
  } finally {
    await inputs.close();
  }
}

function pieces(bytes: Buffer, size: number): Readable {
  const all: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += size) all.push(bytes.subarray(from, from + size));
  return Readable.from(all);
}
