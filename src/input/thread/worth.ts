import { closeSync, openSync, readSync } from 'node:fs';
import { packing } from '../decompress.ts';
import { DocumentStarts } from '../document-starts.ts';
import type { Input } from '../resolve.ts';

/** Bytes below which a thread takes longer to be ready, and its code to be compiled, than it saves. */
const WORTHWHILE = 128e6;
const WORTHWHILE_PACKED = 4e6;
/** So many bytes of a stream are looked at first, and none of them may take longer to come. */
const OF_STREAM = 12e6;
const PATIENCE_MS = 100;
/** So much of an input tells what is in it. */
const HEAD = 64 * 1024;

type File = Extract<Input, { readonly kind: 'file' | 'pipe' }> & { readonly kind: 'file' };

/** Whether files are large, and seem to hold what becomes rows. */
export function areWorthThread(inputs: readonly Input[]): boolean {
  if (!areFiles(inputs) || inputs.length === 0) return false;
  const total = inputs.reduce((sum, { size }) => sum + size, 0);
  if (total < WORTHWHILE_PACKED) return false;
  const head = headOf(inputs[0]!.path);
  return packing(head) === undefined ? total >= WORTHWHILE && seemsFit(head) : true;
}

export const areFiles = (inputs: readonly Input[]): inputs is readonly File[] =>
  inputs.every(({ kind }) => kind === 'file');

/** What a file begins with; nothing where it cannot be read, which is for its reader to say. */
function headOf(path: string): Buffer {
  const memory = Buffer.alloc(HEAD);
  try {
    const file = openSync(path, 'r');
    try {
      return memory.subarray(0, readSync(file, memory, 0, HEAD, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return memory.subarray(0, 0);
  }
}

const seemsFit = (head: Buffer): boolean =>
  new DocumentStarts().next(head, 0, { from: 0, passed: 0, atLine: true, spans: true }) >= 0;

/** Whether a stream is large, and comes fast enough, as far as that can be told; and all of its bytes. */
export async function isWorthThread(
  stream: AsyncGenerator<Buffer>,
): Promise<{ readonly worth: boolean; readonly bytes: AsyncGenerator<Buffer> }> {
  const head: Buffer[] = [];
  let size = 0;
  for (;;) {
    const next = stream.next();
    const chunk = await inTime(next);
    if (chunk === undefined || chunk.done === true)
      return { worth: false, bytes: joined(head, next, stream) };
    // It is only good until the next is asked for.
    head.push(Buffer.from(chunk.value));
    size += chunk.value.length;
    if (head.length === 1 && packing(head[0]!) === undefined && !seemsFit(head[0]!))
      return { worth: false, bytes: joined(head, undefined, stream) };
    if (size >= OF_STREAM) return { worth: true, bytes: joined(head, undefined, stream) };
  }
}

/** Undefined where it takes too long. */
async function inTime<T>(promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, undefined);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function* joined(
  head: Buffer[],
  next: Promise<IteratorResult<Buffer>> | undefined,
  rest: AsyncGenerator<Buffer>,
): AsyncGenerator<Buffer> {
  for (let chunk = head.shift(); chunk !== undefined; chunk = head.shift()) yield chunk;
  const pending = await next;
  if (pending?.done === true) return;
  if (pending !== undefined) yield pending.value;
  yield* rest;
}
