/** Text to small integers and back. 0 is "absent"; the first text gets 1. */
export class Interner {
  readonly #ids = new Map<string, number>();
  readonly #texts: string[] = [''];

  id(text: string | undefined): number {
    if (text === undefined) return 0;
    let id = this.#ids.get(text);
    if (id === undefined) {
      id = this.#texts.length;
      this.#texts.push(text);
      this.#ids.set(text, id);
    }
    return id;
  }

  /** The id of a text that was interned before, or -1: looks without adding. */
  find(text: string): number {
    return this.#ids.get(text) ?? -1;
  }

  text(id: number): string | undefined {
    return id === 0 ? undefined : this.#texts[id];
  }

  get size(): number {
    return this.#texts.length;
  }
}
