import { type Place, type RowSink, type SkipReason, type SpanSink, UserError } from '../../model/index.ts';
import { type InputsRead, laneOf, type Reading } from '../read-inputs.ts';
import type { StartReader } from '../reader-thread.ts';
import { type Input, readable } from '../resolve.ts';
import { sharedParts } from '../shared-parts.ts';
import { Forwarded } from './forwarded.ts';
import type { Failure, Finished, FromThread, Told, ToThread } from './messages.ts';
import { RowsIn } from './rows-in.ts';

export type Stream = {
  readonly bytes: AsyncGenerator<Buffer>;
  /** Ends the bytes, where somebody else can read on from the descriptor that it gives. */
  readonly handOver: () => number | undefined;
  /** Given when the stream is to end where it is. */
  readonly stopped: AbortSignal;
};

export type ThreadOptions = {
  readonly inputs: readonly Input[];
  /** The only input, if that is a stream. */
  readonly stream: Stream | undefined;
  readonly start: StartReader;
  readonly insist: boolean;
};

/** What became of it; or what there is still to be read of a stream, if the thread found that nothing is gained. */
export type ThreadRead = InputsRead | { readonly unread: AsyncGenerator<Buffer> | undefined };

/**
 * Lets another thread read, up to rows: what they mean is found out here, meanwhile. What comes out, and its order, is what
 * reading here would give.
 */
export async function readInThread(
  { inputs, stream, start, insist }: ThreadOptions,
  reading: Omit<Reading, 'rows'> & { readonly rows: RowSink },
): Promise<ThreadRead> {
  const { projection, inputFormat, scanner, rows, onBytes } = reading;
  const deliver = deliveryTo(reading);
  const order = { inputs, plan: rows.plan, projection, inputFormat, scanner, insist };
  let begun = false;
  let say: (message: ToThread) => void = () => undefined;
  const forwarded = stream && new Forwarded(stream.bytes, (chunk, length) => say({ chunk, length }));
  let sent: Promise<void> = Promise.resolve();
  let pipe: number | undefined;
  let reader: ReturnType<StartReader> | undefined;
  try {
    const finished = await new Promise<Finished | undefined>((resolve, reject) => {
      const lost = (error?: Error): void => {
        if (begun) reject(error ?? new Error('the thread that reads ended'));
        else resolve(undefined);
      };
      const hear = (message: FromThread): void => {
        if ('told' in message) {
          if (!begun) pipe = stream?.handOver();
          begun = true;
          forwarded?.letGo();
          for (const told of message.told) {
            deliver.take(told);
            if (told[0] === 'rows') say({ free: told[1].memory });
          }
          onBytes(message.bytes);
        } else if ('read' in message) forwarded?.giveBack(message.read);
        else if ('finished' in message) resolve(message.finished);
        else if ('failed' in message) reject(errorOf(message.failed));
        else resolve(undefined);
      };
      const heard = (message: FromThread): void => {
        try {
          hear(message);
        } catch (error) {
          reject(error);
        }
      };
      try {
        reader = start(order, heard, lost);
      } catch {
        // There may be no more threads to be had.
        resolve(undefined);
        return;
      }
      say = reader.say;
      if (forwarded !== undefined) {
        sent = readable(inputs[0]!.name, () => forwarded.run()).then(() => {
          say(pipe === undefined ? { over: true } : { pipe });
          const stop = (): void => say({ over: true });
          if (stream?.stopped.aborted === true) stop();
          else stream?.stopped.addEventListener('abort', stop);
        });
        sent.catch(reject);
      }
    });
    if (finished === undefined) {
      forwarded?.stop();
      await sent;
      return { unread: forwarded?.unread() };
    }
    const lane = laneOf(reading)!;
    lane.places.append(finished.places);
    return { sources: deliver.counted(finished.sources), rows: { lane, stamps: finished.stamps } };
  } finally {
    reader?.stop();
  }
}

function errorOf({ user, message, hint }: Failure): Error {
  return user ? new UserError(message, hint === undefined ? {} : { hint }) : new Error(message);
}

/** Puts what the thread tells where it belongs. */
function deliveryTo({ sink, rows, projection }: Omit<Reading, 'rows'> & { readonly rows: RowSink }) {
  const parts = sharedParts();
  const skipped = new Skips();
  const rereads: SpanSink = { ...sink, skip: skipped.add };
  const rowsIn = new RowsIn(rows, { sink: rereads, projection, parts });
  const take = (told: Told): void => {
    switch (told[0]) {
      case 'rows':
        rowsIn.take(told[1]);
        break;
      case 'span': {
        const [, span, at] = told;
        const { resource, scope } = span;
        sink.span(
          {
            ...span,
            resource: parts.resource(resource.attributes),
            scope: parts.scope(scope?.name, scope?.version),
          },
          at,
        );
        break;
      }
      case 'log':
        sink.log({ ...told[1], resource: parts.resource(told[1].resource.attributes) }, told[2]);
        break;
      case 'skip':
        sink.skip(told[1], told[2], told[3]);
        break;
      case 'warn':
        sink.warn(told[1], told[2]);
        break;
      case 'undo':
        rows.undo(told[1]);
        break;
    }
  };
  return { take, counted: (sources: Finished['sources']) => skipped.tell(sink, sources) };
}

/** What was skipped of rows whose spans were read here. */
class Skips {
  readonly #found: { readonly reason: SkipReason; readonly at: Place; readonly count: number }[] = [];

  readonly add = (reason: SkipReason, at: Place, count = 1): void => {
    this.#found.push({ reason, at, count });
  };

  /** Tells them, and how many they are with them. */
  tell(sink: SpanSink, sources: Finished['sources']): Finished['sources'] {
    const more = new Map<string, number>();
    for (const { reason, at, count } of this.#found) {
      sink.skip(reason, at, count);
      more.set(at.source, (more.get(at.source) ?? 0) + count);
    }
    return sources.map((source) => ({ ...source, skipped: source.skipped + (more.get(source.name) ?? 0) }));
  }
}
