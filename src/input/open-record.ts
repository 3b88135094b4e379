import type { Dispatcher } from './dispatch.ts';
import type { TextFormat, TextRecord, TextTaken } from './text-formats/text-format.ts';

/** After so many lines of others nothing more of a record is waited for. */
const PATIENCE = 64;

/** A record of text that is being read, and what it takes to give it up. */
export class OpenRecord {
  readonly #dispatcher: Dispatcher;
  readonly #limit: number;
  readonly #record: TextRecord;
  /** Characters since the last span went out. */
  #size = 0;
  /** Lines of others since the last one of its own. */
  #foreign = 0;

  /** `limit`: so many characters may wait for the end of their span. */
  constructor(format: TextFormat, dispatcher: Dispatcher, limit: number) {
    this.#dispatcher = dispatcher;
    this.#limit = limit;
    this.#record = format.record({
      read: (number, read) => {
        this.#size = 0;
        dispatcher.readAs(format.name, number, read);
      },
      skip: (reason, number) => dispatcher.skip(reason, number),
    });
  }

  take(text: string, number: number): TextTaken {
    if (this.isTooLarge) return 'foreign';
    const taken = this.#record.take(text, number);
    if (taken === 'foreign') this.#foreign++;
    else {
      this.#foreign = 0;
      this.#size += text.length;
      if (this.isTooLarge) this.#dispatcher.skip('too_large', number);
    }
    return taken;
  }

  get isTooLarge(): boolean {
    return this.#size > this.#limit;
  }

  /** Nothing of it is expected any more. */
  get isAbandoned(): boolean {
    return this.isTooLarge || this.#foreign > PATIENCE;
  }

  end(): void {
    if (!this.isTooLarge) this.#record.end();
  }
}
