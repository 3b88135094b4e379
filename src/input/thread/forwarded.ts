/** Blocks of a stream in shared memory: their size, and how many may be on their way. */
const BLOCK = 256 * 1024;
const BLOCKS = 6;

type Send = (block: SharedArrayBuffer, length: number) => void;

/** A stream on its way to another thread. Until that thread can use it, it is kept, and may be read here instead. */
export class Forwarded {
  readonly #bytes: AsyncGenerator<Buffer>;
  readonly #send: Send;
  readonly #free: SharedArrayBuffer[] = [];
  #kept: Buffer[] | undefined = [];
  #block: SharedArrayBuffer | undefined;
  #filled = 0;
  #away = 0;
  #stopped = false;
  #wake = (): void => undefined;

  constructor(bytes: AsyncGenerator<Buffer>, send: Send) {
    this.#bytes = bytes;
    this.#send = send;
  }

  /** Sends everything. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      const { done, value } = await this.#bytes.next();
      if (done === true) break;
      for (let from = 0; from < value.length; ) {
        if (this.#block === undefined) await this.#takeBlock();
        const copied = value.copy(Buffer.from(this.#block!), this.#filled, from);
        from += copied;
        this.#filled += copied;
        if (this.#filled === BLOCK) this.#flush();
      }
    }
    this.#flush();
  }

  /** A block was read. */
  giveBack(block: SharedArrayBuffer): void {
    this.#away--;
    if (this.#kept === undefined) this.#free.push(block);
    this.#wake();
  }

  /** Nothing has to be kept any more. */
  letGo(): void {
    this.#kept = undefined;
  }

  /** Sends no more: everything from the first byte on, once `run` is over. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  async *unread(): AsyncGenerator<Buffer> {
    yield* this.#kept!;
    yield* this.#bytes;
  }

  async #takeBlock(): Promise<void> {
    while (this.#away >= BLOCKS && !this.#stopped) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#block = this.#free.pop() ?? new SharedArrayBuffer(BLOCK);
  }

  #flush(): void {
    if (this.#block === undefined) return;
    this.#kept?.push(Buffer.from(this.#block, 0, this.#filled));
    this.#away++;
    this.#send(this.#block, this.#filled);
    this.#block = undefined;
    this.#filled = 0;
  }
}
