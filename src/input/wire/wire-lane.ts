import type { RowBatch, RowSink } from '../../model/index.ts';
import { isWorthScanner, type ScannerChoice, WINDOW } from '../row-lane.ts';
import type { WireScanner } from './wasm-wire.ts';
import type { WireRows } from './wire-rows.ts';

/** A scanner for protobuf, how much it looks at at once, and who takes its rows. */
export type OpenedWire = {
  readonly scanner: WireScanner;
  readonly window: number;
  readonly take: (batch: RowBatch) => void;
};

/** The faster ways for spans in protobuf, as the inputs of one read share them. Loaded when there is some. */
export class WireLane {
  readonly #sink: RowSink;
  readonly #choice: ScannerChoice | undefined;
  readonly #window: number;
  #rows: Promise<WireRows> | undefined;
  #opened: Promise<OpenedWire | undefined> | undefined;

  constructor(sink: RowSink, choice: ScannerChoice | undefined, window = WINDOW) {
    this.#sink = sink;
    this.#choice = choice;
    this.#window = window;
  }

  /** What makes rows of one request at a time. */
  rows(): Promise<WireRows> {
    this.#rows ??= import('./wire-rows.ts').then(({ WireRows }) => new WireRows(this.#sink));
    return this.#rows;
  }

  /** The scanner, where so much input is worth the time until it is ready, and this machine can. */
  scanner(bytes: number): Promise<OpenedWire | undefined> {
    if (this.#choice === 'ts') return Promise.resolve(undefined);
    if (this.#choice === undefined && !isWorthScanner(bytes))
      return this.#opened ?? Promise.resolve(undefined);
    this.#opened ??= this.#open();
    return this.#opened;
  }

  async #open(): Promise<OpenedWire | undefined> {
    const { createWasmWire } = await import('./wasm-wire.ts');
    try {
      const scanner = createWasmWire(this.#sink.plan);
      return { scanner, window: this.#window, take: this.#sink.from(scanner) };
    } catch (error) {
      // Where this machine cannot, the other way says the same and takes longer.
      if (this.#choice === 'wasm') throw error;
      return undefined;
    }
  }
}
