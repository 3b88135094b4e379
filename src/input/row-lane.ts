import type { Projection, RowBatch, RowPlan, RowSink, RowSource } from '../model/index.ts';
import { Places } from './places.ts';
import type { ScanContext, Scanner } from './scan/scanner.ts';

/** Which scanner to use, where somebody insists. */
export type ScannerChoice = 'ts' | 'wasm';

/** Below this many bytes a scanner takes longer to be ready than the slow way to be done. */
export const WORTHWHILE = 256 * 1024;
export const WINDOW = 1024 * 1024;

/** Whether so much input is worth the time until a scanner is ready. */
export const isWorthScanner = (bytes: number): boolean => bytes >= WORTHWHILE;

/** What a scanner knows by number. */
export type LaneSource = Pick<RowSource, 'text' | 'slotsOf'> & {
  readonly context: (context: number) => ScanContext;
};

/** Rows, the bytes in which their spans stand, and the line of each. */
export type ScannedBatch = RowBatch & {
  readonly source: string;
  readonly bytes: Buffer;
  readonly lineOf: (row: number) => number;
};

/** Who takes what scanners find: a `RowSink` is one. */
export type LaneSink = Omit<RowSink, 'from'> & {
  readonly from: (source: LaneSource) => (batch: ScannedBatch) => void;
};

/** The faster way for spans, as the inputs of one read share it: one scanner, whose patterns hold for all of them. */
export class RowLane {
  readonly sink: LaneSink;
  readonly projection: Projection;
  /** What is scanned at once. */
  readonly window: number;
  /** Where its rows stood. */
  readonly places = new Places();
  /** Spans that came from the inputs before this one, and which of them it is. */
  before = 0;
  input = 0;
  readonly #choice: ScannerChoice | undefined;
  #opened: OpenedLane | undefined;

  constructor(sink: LaneSink, projection: Projection, choice: ScannerChoice | undefined, window = WINDOW) {
    this.sink = sink;
    this.projection = projection;
    this.#choice = choice;
    this.window = window;
  }

  /** Whether so much input is worth the time until a scanner is ready. */
  isWorth(bytes: number): boolean {
    return this.#opened !== undefined || this.#choice !== undefined || isWorthScanner(bytes);
  }

  /** Whether the scanner reads spans that stand for themselves too; taken for granted before there is one. */
  get readsSpans(): boolean {
    return this.#opened?.scanner.readsSpans ?? this.#choice !== 'ts';
  }

  /** The same scanner, whose rows go elsewhere. */
  to(sink: LaneSink, projection: Projection): RowLane {
    const lane = new RowLane(sink, projection, this.#choice, this.window);
    const scanner = this.#opened?.scanner;
    lane.#opened = scanner && { scanner, take: sink.from(scanner) };
    return lane;
  }

  /** The scanner, and who takes its rows. Loaded when it is first needed: most inputs are small. */
  async open(): Promise<OpenedLane> {
    if (this.#opened === undefined) {
      const scanner = await loadScanner(this.sink.plan, this.#choice);
      this.#opened = { scanner, take: this.sink.from(scanner) };
    }
    return this.#opened;
  }
}

type OpenedLane = { readonly scanner: Scanner; readonly take: (batch: ScannedBatch) => void };

async function loadScanner(plan: RowPlan, choice: ScannerChoice | undefined): Promise<Scanner> {
  if (choice !== 'ts') {
    const { createWasmScanner } = await import('./wasm-scanner.ts');
    try {
      return createWasmScanner(plan);
    } catch (error) {
      // Where this machine cannot, the other one says the same and takes longer.
      if (choice === 'wasm') throw error;
    }
  }
  const { createTsScanner } = await import('./scan/ts-scanner.ts');
  return createTsScanner(plan);
}
