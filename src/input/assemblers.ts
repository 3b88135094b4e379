import type { Assembled, Assembler } from './format.ts';

/** The readers that remember: of one input, or of all inputs of a run. */
export class Assemblers {
  readonly #open = new Map<Assembled, Assembler>();

  of(format: Assembled): Assembler {
    const known = this.#open.get(format);
    if (known !== undefined) return known;
    const assembler = format.assembler();
    this.#open.set(format, assembler);
    return assembler;
  }

  /** Nothing more comes: spans that waited for more records are finished. */
  end(): void {
    for (const assembler of this.#open.values()) assembler.end();
    this.#open.clear();
  }
}
