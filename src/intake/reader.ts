import { type MessagePort, parentPort, type TransferListItem, workerData } from 'node:worker_threads';
import { type AheadOrder, readAhead } from './ahead.ts';
import type { Said } from './thread.ts';

/** So often, in bytes, it is told how far reading has come. */
const STEP = 16e6;

/** What a thread that reads ahead does. */
async function answer(port: MessagePort, order: AheadOrder): Promise<void> {
  let told = 0;
  const say = (said: Said, moved: readonly TransferListItem[] = []): void => port.postMessage(said, moved);
  const result = await readAhead(order, (bytes) => {
    if (bytes - told < STEP) return;
    told = bytes;
    say({ bytes });
  });
  say({ result }, result && [...buffersIn(result.table)]);
}

/** The memory of all numbers in some data. */
function buffersIn(data: unknown, found = new Set<ArrayBuffer>()): ReadonlySet<ArrayBuffer> {
  if (ArrayBuffer.isView(data)) found.add(data.buffer as ArrayBuffer);
  else if (Array.isArray(data)) for (const item of data) buffersIn(item, found);
  else if (typeof data === 'object' && data !== null && !(data instanceof Map))
    for (const item of Object.values(data)) buffersIn(item, found);
  return found;
}

if (parentPort !== null) void answer(parentPort, workerData as AheadOrder);
