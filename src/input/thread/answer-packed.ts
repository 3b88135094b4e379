import type { MessagePort } from 'node:worker_threads';
import { ByteReader } from '../bytes.ts';
import { unpack } from '../decompress.ts';
import type { Unpackable } from '../packing.ts';
import type { FromUnpacker, ToUnpacker } from './packed-messages.ts';

/** What is unpacked is handed over in blocks of so many bytes, and so many of them may be on their way: a bomb stays small. */
const BLOCK = 1024 * 1024;
const BLOCKS = 4;

/** Unpacks what comes through the port, one stream after another, and hands it back. */
export function answerPacked(port: MessagePort): void {
  const post = (message: FromUnpacker, moved: readonly ArrayBuffer[] = []) =>
    port.postMessage(message, moved);
  const blocks = new Blocks((unpacked, length) => post({ unpacked, length }, [unpacked]));
  let stream = new Packed(() => post({ taken: true }));
  port.on('message', (message: ToUnpacker) => {
    if ('free' in message) blocks.giveBack(message.free);
    else if ('packed' in message) stream.push(Buffer.from(message.packed));
    else if ('end' in message) stream.end();
    else {
      stream = new Packed(() => post({ taken: true }));
      void unpackInto(blocks, message.begin, stream).then((damages) => post({ over: true, damages }));
    }
  });
  post({ ready: true });
}

async function unpackInto(blocks: Blocks, packing: Unpackable, stream: Packed): Promise<number> {
  let damages = 0;
  const damaged = (): void => {
    damages++;
  };
  for await (const chunk of unpack(packing, new ByteReader(stream.bytes()), damaged)) await blocks.put(chunk);
  blocks.flush();
  return damages;
}

/** Bytes that come in messages. */
class Packed {
  readonly #taken: () => void;
  readonly #waiting: Buffer[] = [];
  #over = false;
  #wake = (): void => undefined;

  constructor(taken: () => void) {
    this.#taken = taken;
  }

  push(bytes: Buffer): void {
    this.#waiting.push(bytes);
    this.#wake();
  }

  end(): void {
    this.#over = true;
    this.#wake();
  }

  async *bytes(): AsyncGenerator<Buffer> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) {
        yield next;
        this.#taken();
      } else if (this.#over) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

/** Memory that goes to and fro. */
class Blocks {
  readonly #post: (block: ArrayBuffer, length: number) => void;
  readonly #free: ArrayBuffer[] = [];
  #block: Buffer | undefined;
  #filled = 0;
  #away = 0;
  #wake = (): void => undefined;

  constructor(post: (block: ArrayBuffer, length: number) => void) {
    this.#post = post;
  }

  /** Hands bytes over as soon as there is a block of them; waits while too many are on their way. */
  async put(bytes: Buffer): Promise<void> {
    for (let from = 0; from < bytes.length; ) {
      if (this.#block === undefined) {
        while (this.#away >= BLOCKS) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
        this.#block = Buffer.from(this.#free.pop() ?? new ArrayBuffer(BLOCK));
      }
      const copied = bytes.copy(this.#block, this.#filled, from);
      from += copied;
      this.#filled += copied;
      if (this.#filled === BLOCK) this.flush();
    }
  }

  flush(): void {
    if (this.#block === undefined) return;
    this.#away++;
    this.#post(this.#block.buffer as ArrayBuffer, this.#filled);
    this.#block = undefined;
    this.#filled = 0;
  }

  giveBack(block: ArrayBuffer): void {
    this.#away--;
    this.#free.push(block);
    this.#wake();
  }
}
