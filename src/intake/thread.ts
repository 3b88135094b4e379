import { Worker } from 'node:worker_threads';
import type { AheadOrder, AheadResult, StartAhead } from './ahead.ts';

/** What a thread says: how far it is, what it found at last, that it cannot tell. */
export type Said = { readonly bytes: number } | { readonly result: AheadResult | undefined };

/**
 * Spans die young and little else is made of them: small heaps are enough, and a thread of its own must not double what a
 * process needs.
 */
const LIMITS = { maxYoungGenerationSizeMb: 4 } as const;

/** Another thread that reads. Whatever goes wrong with it, somebody else has to read what it was to read. */
export const startThread: StartAhead = (order: AheadOrder, onProgress) => {
  const worker = new Worker(new URL('../../bin/reader.js', import.meta.url), {
    workerData: order,
    resourceLimits: LIMITS,
    env: {},
    execArgv: [],
  });
  // A process that is done does not wait for it.
  worker.unref();
  const result = new Promise<AheadResult | undefined>((resolve) => {
    worker.on('message', (said: Said) => {
      if ('bytes' in said) onProgress(said.bytes);
      else resolve(said.result);
    });
    worker.on('messageerror', () => resolve(undefined));
    worker.on('error', () => resolve(undefined));
    worker.on('exit', () => resolve(undefined));
  });
  return { result, stop: () => void worker.terminate() };
};
