import type {
  LogRecord,
  Place,
  Projection,
  RowPlace,
  RowPlan,
  SkipReason,
  SourceInfo,
  Span,
  WarningKind,
} from '../../model/index.ts';
import type { Input } from '../resolve.ts';
import type { ScannerChoice } from '../row-lane.ts';
import type { ScanContext } from '../scan/scanner.ts';

/** What a thread is to read, and what for. */
export type Order = {
  readonly inputs: readonly Input[];
  readonly plan: RowPlan;
  readonly projection: Projection;
  readonly inputFormat: string | undefined;
  readonly scanner: ScannerChoice | undefined;
  /** Whatever there is in them: otherwise it may find that there is little to gain. */
  readonly insist: boolean;
};

/** What readers find, in its order; see `SpanSink` and `RowSink`. */
export type Told =
  | readonly ['span', Span, Place]
  | readonly ['log', LogRecord, Place]
  | readonly ['skip', SkipReason, Place, number | undefined]
  | readonly ['warn', WarningKind, Place]
  | readonly ['rows', PostedRows]
  | readonly ['undo', number];

/** Rows, the bytes of their spans, and all that their maker knows by number and has not told yet. */
export type PostedRows = {
  readonly source: string;
  readonly count: number;
  /**
   * The rows, then the bytes. Places count from the first byte, lines from the beginning of the input. It belongs to one thread
   * at a time, and goes back: V8 copies into memory that two of them share in words instead of blocks.
   */
  readonly memory: ArrayBuffer;
  readonly bytes: number;
  readonly texts: readonly string[];
  readonly patterns: readonly (readonly number[])[];
  readonly contexts: readonly ScanContext[];
};

/** What is known once everything has been read. */
export type Finished = {
  readonly sources: readonly SourceInfo[];
  readonly places: readonly RowPlace[];
  readonly stamps: readonly (string | undefined)[];
};

/** What the thread says. Memory of a stream that was `read` may be used again. */
export type FromThread =
  | { readonly told: readonly Told[]; readonly bytes: number }
  | { readonly finished: Finished }
  | { readonly unfit: true }
  | { readonly failed: Failure }
  | { readonly read: SharedArrayBuffer };

/**
 * What it is told: the bytes of its only input, if that is a stream, and memory that it may use again. The rest of the stream may
 * come from a pipe, by its descriptor, until it is over or said to be.
 */
export type ToThread =
  | { readonly chunk: SharedArrayBuffer; readonly length: number }
  | { readonly pipe: number }
  | { readonly over: true }
  | { readonly free: ArrayBuffer };

/** An error, as far as it can be handed over. */
export type Failure = { readonly user: boolean; readonly message: string; readonly hint: string | undefined };
