import { closeSync, openSync, readSync } from 'node:fs';
import { DocumentStarts } from '../document-starts.ts';
import { packing } from '../packing.ts';
import type { Input } from '../resolve.ts';

/** Packed bytes below which a thread takes longer to be ready, and its code to be compiled, than it saves. */
const WORTHWHILE_PACKED = 4e6;
/** So many bytes of a stream are looked at first, and none of them may take longer to come. */
const OF_STREAM = 12e6;
const PATIENCE_MS = 100;
/** So much of an input tells what is in it. */
const HEAD = 64 * 1024;

type File = Extract<Input, { readonly kind: 'file' | 'pipe' }> & { readonly kind: 'file' };

/** What another thread does for this one: it reads up to rows, or it unpacks. */
export type Division = 'read' | 'unpack';

/** What is known before the first byte: whether rows are wanted at all, and whether somebody insists on two threads. */
export type Wish = { readonly rows: boolean; readonly insist: boolean };

/** Which is worth while where files are packed. Of others no size has been found at which a thread that reads saves time. */
export function divisionOf(inputs: readonly Input[], { rows, insist }: Wish): Division | undefined {
  if (!areFiles(inputs) || inputs.length === 0) return undefined;
  const total = inputs.reduce((sum, { size }) => sum + size, 0);
  if (total < WORTHWHILE_PACKED && !insist) return undefined;
  if (packing(headOf(inputs[0]!.path)) !== undefined) return 'unpack';
  return rows && insist ? 'read' : undefined;
}

const areFiles = (inputs: readonly Input[]): inputs is readonly File[] =>
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

/** The same of a stream, as far as it can be told, and whether it comes fast enough; and all of its bytes. */
export async function divisionOfStream(
  stream: AsyncGenerator<Buffer>,
  { rows, insist }: Wish,
): Promise<{ readonly division: Division | undefined; readonly bytes: AsyncGenerator<Buffer> }> {
  const head: Buffer[] = [];
  let size = 0;
  let division: Division | undefined = rows ? 'read' : undefined;
  for (;;) {
    const next = stream.next();
    const chunk = insist ? await next : await inTime(next);
    if (chunk === undefined || chunk.done === true)
      return { division: insist ? division : undefined, bytes: joined(head, next, stream) };
    // It is only good until the next is asked for.
    head.push(Buffer.from(chunk.value));
    size += chunk.value.length;
    const bytes = joined(head, undefined, stream);
    if (head.length === 1 && packing(head[0]!) !== undefined) division = 'unpack';
    else if (head.length === 1 && !insist && !seemsFit(head[0]!)) division = undefined;
    if (division === undefined || insist || size >= (division === 'read' ? OF_STREAM : WORTHWHILE_PACKED))
      return { division, bytes };
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
