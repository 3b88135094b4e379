import { Worker } from 'node:worker_threads';
import type { FromThread, Order, ToThread } from './thread/messages.ts';

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

/**
 * Spans die young and little else is made of them: small heaps are enough, and a thread of its own must not double what a
 * process needs.
 */
const LIMITS = { maxYoungGenerationSizeMb: 4 } as const;

export const startThread: StartReader = (order, hear, lost) => {
  const worker = new Worker(new URL('../../bin/reader.js', import.meta.url), {
    workerData: order,
    resourceLimits: LIMITS,
    env: {},
    execArgv: [],
  });
  worker.on('message', hear);
  worker.on('messageerror', lost);
  worker.on('error', lost);
  worker.on('exit', () => lost(undefined));
  return {
    say: (message) => worker.postMessage(message, 'free' in message ? [message.free] : []),
    stop: () => void worker.terminate(),
  };
};
