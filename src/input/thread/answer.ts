import type { MessagePort } from 'node:worker_threads';
import { type SpanSink, UserError } from '../../model/index.ts';
import { fileBytes } from '../file.ts';
import { PipeBytes } from '../pipe.ts';
import { readInputs } from '../read-inputs.ts';
import type { Input } from '../resolve.ts';
import type { LaneSink } from '../row-lane.ts';
import type { Failure, Order, ToThread } from './messages.ts';
import { Outbox, type Post, Unfit } from './outbox.ts';
import { RowsOut } from './rows-out.ts';

/** So much of a stream is looked at at once: every block of rows has to be handed over. */
const PIECE = 512 * 1024;

/** Reads what is asked for, and tells whoever is at the other end of the port what it finds. */
export async function answer(port: MessagePort, order: Order): Promise<void> {
  const post: Post = (message, moved = []) => port.postMessage(message, moved);
  const outbox = new Outbox(post, order.insist);
  const stream = new Chunks((memory) => post({ read: memory }));
  port.on('message', (message: ToThread) => {
    if ('free' in message) outbox.giveBack(message.free);
    else stream.take(message);
  });
  const { inputFormat, scanner, projection } = order;
  const bytesOf = (input: Input) => (input.kind === 'file' ? fileBytes(input.path) : stream.bytes());
  try {
    const { sources, rows } = await readInputs(order.inputs, bytesOf, {
      ...{ sink: sinkTo(outbox), rows: laneTo(outbox, order), wire: undefined },
      ...{ projection, inputFormat, scanner, pace: outbox.pace, piece: PIECE },
      onBytes: (bytes) => outbox.count(bytes),
    });
    outbox.flush();
    post({ finished: { sources, places: rows!.lane.places.all, stamps: rows!.stamps } });
  } catch (error) {
    post(error instanceof Unfit ? { unfit: true } : { failed: failureOf(error) });
  } finally {
    port.close();
  }
}

function sinkTo(outbox: Outbox): SpanSink {
  return {
    span: (span, at) => outbox.tell(['span', span, at]),
    log: (log, at) => outbox.tell(['log', log, at]),
    skip: (reason, at, count) => outbox.tell(['skip', reason, at, count]),
    warn: (kind, at) => outbox.tell(['warn', kind, at]),
  };
}

function laneTo(outbox: Outbox, { plan }: Order): LaneSink {
  return {
    plan,
    from: (source) => {
      const out = new RowsOut(plan, source, (size) => outbox.take(size));
      return (batch) => outbox.tell(['rows', out.pack(batch)]);
    },
    undo: (count) => outbox.tell(['undo', count]),
  };
}

function failureOf(error: unknown): Failure {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const user = error instanceof UserError;
  return { user, message: user ? message : (stack ?? message), hint: user ? error.hint : undefined };
}

type OfStream = Exclude<ToThread, { readonly free: unknown }>;

/** Bytes that come in messages, and from a pipe that one of them names. */
class Chunks {
  readonly #read: (memory: SharedArrayBuffer) => void;
  readonly #waiting: OfStream[] = [];
  #pipe: PipeBytes | undefined;
  #wake = (): void => undefined;

  constructor(read: (memory: SharedArrayBuffer) => void) {
    this.#read = read;
  }

  take(message: OfStream): void {
    if ('pipe' in message) this.#pipe = new PipeBytes(message.pipe);
    else if ('over' in message) this.#pipe?.stop();
    this.#waiting.push(message);
    this.#wake();
  }

  /** A chunk is only good until the next is asked for. */
  async *bytes(): AsyncGenerator<Buffer> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if ('chunk' in next) {
        yield Buffer.from(next.chunk, 0, next.length);
        this.#read(next.chunk);
      } else {
        if ('pipe' in next) yield* this.#pipe!.bytes();
        return;
      }
    }
  }
}
