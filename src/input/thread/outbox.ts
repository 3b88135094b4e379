import type { FromThread, Told } from './messages.ts';

/** So many blocks of rows may be on their way: enough that nobody waits, little to keep in memory. */
const BLOCKS = 4;
/** So much else is told at once. */
const TOLD = 256;
/** Without a row among so many bytes or so much else, handing it all over would take longer than reading it. */
const PATIENCE = { bytes: 4 * 1024 * 1024, told: 4096 };

/** Says something; memory that is in it goes with it. */
export type Post = (message: FromThread, moved?: readonly ArrayBuffer[]) => void;

/** There is little in the input that is worth a thread. Nothing of it has been told. */
export class Unfit extends Error {}

/** What one thread found, on its way to another. */
export class Outbox {
  readonly #post: Post;
  #told: Told[] = [];
  #bytes = 0;
  #fit: boolean;
  readonly #free: ArrayBuffer[] = [];
  #away = 0;
  #wake = (): void => undefined;

  constructor(post: Post, insist: boolean) {
    this.#post = post;
    this.#fit = insist;
  }

  tell(told: Told): void {
    this.#told.push(told);
    if (told[0] === 'rows') this.#fit = true;
    if (told[0] === 'rows' || (this.#fit && this.#told.length >= TOLD)) this.flush();
    else if (!this.#fit && this.#told.length >= PATIENCE.told) throw new Unfit();
  }

  /** So many bytes have been read. */
  count(bytes: number): void {
    this.#bytes = bytes;
    if (!this.#fit && bytes > PATIENCE.bytes) throw new Unfit();
  }

  flush(): void {
    const moved = this.#told.flatMap((told) => (told[0] === 'rows' ? [told[1].memory] : []));
    this.#post({ told: this.#told, bytes: this.#bytes }, moved);
    this.#told = [];
  }

  /** Memory for a block of rows; it comes back by `giveBack`. */
  take(size: number): ArrayBuffer {
    this.#away++;
    const at = this.#free.findIndex(({ byteLength }) => byteLength >= size);
    return at < 0 ? new ArrayBuffer(size) : this.#free.splice(at, 1)[0]!;
  }

  giveBack(memory: ArrayBuffer): void {
    this.#away--;
    this.#free.push(memory);
    if (this.#free.length > BLOCKS) this.#free.shift();
    if (this.#away < BLOCKS) this.#wake();
  }

  /** Waits until whoever takes the rows has caught up. */
  readonly pace = (): Promise<void> | undefined =>
    this.#away < BLOCKS
      ? undefined
      : new Promise((resolve) => {
          this.#wake = resolve;
        });
}
