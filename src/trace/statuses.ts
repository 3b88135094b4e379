import type { CostStatus } from '../model/index.ts';

/** Cost statuses by position, a byte each. */
export class Statuses {
  readonly #names: CostStatus[] = ['none'];
  readonly #codes: Uint8Array;

  constructor(length: number) {
    this.#codes = new Uint8Array(length);
  }

  set(position: number, status: CostStatus): void {
    let code = this.#names.indexOf(status);
    if (code < 0) code = this.#names.push(status) - 1;
    this.#codes[position] = code;
  }

  get(position: number): CostStatus {
    return this.#names[this.#codes[position]!]!;
  }
}
