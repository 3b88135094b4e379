import type { ByteReader } from '../bytes.ts';
import { unpack } from '../decompress.ts';
import type { Unpack, Unpackable } from '../packing.ts';
import type { StartUnpacker } from '../reader-thread.ts';
import type { FromUnpacker, ToUnpacker } from './packed-messages.ts';

/** So many pieces of what is packed may be on their way. */
const PIECES = 4;

type Heard = Exclude<FromUnpacker, { readonly taken: true } | { readonly ready: true }>;

/**
 * Lets another thread unpack, one stream after another: unpacking takes longer than all else, and must not wait for it. Where
 * no thread is to be had it is done here.
 */
export class Unpacking {
  readonly #start: StartUnpacker;
  #thread: Promise<Thread | undefined> | undefined;

  constructor(start: StartUnpacker) {
    this.#start = start;
  }

  readonly unpack: Unpack = (packing, bytes, damaged) => this.#unpack(packing, bytes, damaged);

  async close(): Promise<void> {
    const thread = await this.#thread;
    thread?.stop();
  }

  async *#unpack(packing: Unpackable, bytes: ByteReader, damaged: () => void): AsyncGenerator<Buffer> {
    this.#thread ??= Thread.started(this.#start);
    const thread = await this.#thread;
    if (thread === undefined) {
      yield* unpack(packing, bytes, damaged);
      return;
    }
    let failure: unknown;
    const sent = thread.send(packing, bytes).catch((error: unknown) => {
      failure = error;
      thread.end();
    });
    let damages: number | undefined;
    try {
      while (damages === undefined) {
        const heard = await thread.next();
        if ('over' in heard) damages = heard.damages;
        else {
          yield Buffer.from(heard.unpacked, 0, heard.length);
          thread.giveBack(heard.unpacked);
        }
      }
      await sent;
      if (failure !== undefined) throw failure;
      for (; damages > 0; damages--) damaged();
    } finally {
      if (damages === undefined) {
        thread.stop();
        this.#thread = undefined;
      }
    }
  }
}

/** The other thread, as it is seen from here. */
class Thread {
  readonly #heard: Heard[] = [];
  #running: { readonly say: (message: ToUnpacker) => void; readonly stop: () => void } | undefined;
  #away = 0;
  #over = false;
  #lost: Error | undefined;
  #wake = (): void => undefined;
  #taken = (): void => undefined;

  /** Undefined where it cannot be started. */
  static async started(start: StartUnpacker): Promise<Thread | undefined> {
    const thread = new Thread();
    const isThere = await new Promise<boolean>((resolve) => {
      const hear = (message: FromUnpacker): void => {
        if ('ready' in message) resolve(true);
        else thread.#hear(message);
      };
      const lost = (error?: Error): void => {
        thread.#lost = error ?? new Error('the thread that unpacks ended');
        thread.#wake();
        thread.#taken();
        resolve(false);
      };
      try {
        thread.#running = start(hear, lost);
      } catch {
        // There may be no more threads to be had.
        resolve(false);
      }
    });
    return isThere ? thread : undefined;
  }

  /** Hands over all that is packed; what is behind the end of the stream is read and left. */
  async send(packing: Unpackable, bytes: ByteReader): Promise<void> {
    this.#over = false;
    this.#away = 0;
    this.#say({ begin: packing });
    for await (const chunk of bytes.rest()) {
      while (this.#away >= PIECES && !this.#isDone) {
        await new Promise<void>((resolve) => {
          this.#taken = resolve;
        });
      }
      if (this.#isDone) continue;
      this.#away++;
      // It is only good until the next is asked for.
      const packed = new ArrayBuffer(chunk.length);
      chunk.copy(new Uint8Array(packed));
      this.#running!.say({ packed });
    }
    this.end();
  }

  end(): void {
    if (!this.#isDone) this.#say({ end: true });
  }

  async next(): Promise<Heard> {
    for (;;) {
      const heard = this.#heard.shift();
      if (heard !== undefined) return heard;
      if (this.#lost !== undefined) throw this.#lost;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  giveBack(block: ArrayBuffer): void {
    this.#say({ free: block });
  }

  stop(): void {
    this.#over = true;
    this.#taken();
    this.#running?.stop();
  }

  get #isDone(): boolean {
    return this.#over || this.#lost !== undefined;
  }

  #say(message: ToUnpacker): void {
    this.#running!.say(message);
  }

  #hear(message: Heard | { readonly taken: true }): void {
    if ('taken' in message) {
      this.#away--;
      this.#taken();
      return;
    }
    if ('over' in message) {
      this.#over = true;
      this.#taken();
    }
    this.#heard.push(message);
    this.#wake();
  }
}
