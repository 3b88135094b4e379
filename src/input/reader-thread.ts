import { Worker } from 'node:worker_threads';
import type { FromThread, Order, ToThread } from './thread/messages.ts';
import type { FromUnpacker, ToUnpacker } from './thread/packed-messages.ts';

/** Whoever reads on the other side. */
type Reader = {
  readonly say: (message: ToThread) => void;
  readonly stop: () => void;
};

/** Starts somebody who reads what is asked for: another thread, as a rule. `lost` is told when nothing more will come. */
export type StartReader = (
  order: Order,
  hear: (message: FromThread) => void,
  lost: (error: Error | undefined) => void,
) => Reader;

/** Starts somebody who unpacks: another thread, as a rule. */
export type StartUnpacker = (
  hear: (message: FromUnpacker) => void,
  lost: (error: Error | undefined) => void,
) => { readonly say: (message: ToUnpacker) => void; readonly stop: () => void };

/**
 * Spans die young and little else is made of them: small heaps are enough, and a thread of its own must not double what a
 * process needs.
 */
const LIMITS = { maxYoungGenerationSizeMb: 4 } as const;

export const startThread: StartReader = (order, hear, lost) => {
  const worker = start('reader.js', order, hear, lost);
  return {
    say: (message) => worker.postMessage(message, 'free' in message ? [message.free] : []),
    stop: () => void worker.terminate(),
  };
};

export const startUnpacker: StartUnpacker = (hear, lost) => {
  const worker = start('unpacker.js', undefined, hear, lost);
  return {
    say: (message) => worker.postMessage(message, memoryOf(message)),
    stop: () => void worker.terminate(),
  };
};

function memoryOf(message: ToUnpacker): ArrayBuffer[] {
  if ('free' in message) return [message.free];
  return 'packed' in message ? [message.packed] : [];
}

function start<Heard>(
  file: string,
  workerData: Order | undefined,
  hear: (message: Heard) => void,
  lost: (error: Error | undefined) => void,
): Worker {
  const worker = new Worker(new URL(`../../bin/${file}`, import.meta.url), {
    workerData,
    resourceLimits: LIMITS,
    env: {},
    execArgv: [],
  });
  worker.on('message', hear);
  worker.on('messageerror', lost);
  worker.on('error', lost);
  worker.on('exit', () => lost(undefined));
  return worker;
}
