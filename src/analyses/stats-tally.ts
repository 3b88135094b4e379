import { Quantiles } from '../rollup/index.ts';

/** Numbers of which the mean is told. */
class Mean {
  count = 0;
  sum = 0;

  add(value: number): void {
    this.count++;
    this.sum += value;
  }

  merge(other: Mean): void {
    this.count += other.count;
    this.sum += other.sum;
  }

  /** To twelve digits, which is what adding up leaves of sixteen; undefined of nothing. */
  get value(): number | undefined {
    return this.count === 0 ? undefined : Number((this.sum / this.count).toPrecision(12));
  }
}

/** Whole numbers of things, of which the share is told that is so. */
export class Share {
  all = 0;
  so = 0;

  add(isSo: boolean): void {
    this.count(isSo ? 1 : 0, 1);
  }

  count(so: number, all: number): void {
    this.so += so;
    this.all += all;
  }

  merge(other: Share): void {
    this.count(other.so, other.all);
  }

  /** Undefined of nothing. */
  get value(): number | undefined {
    return this.all === 0 ? undefined : this.so / this.all;
  }
}

/** How often each text was told, by its number. */
export class Texts {
  /** Most rows tell none. */
  #counts: Map<number, number> | undefined;

  get counts(): ReadonlyMap<number, number> {
    return this.#counts ?? NONE;
  }

  add(id: number, times = 1): void {
    if (id === 0) return;
    this.#counts ??= new Map();
    this.#counts.set(id, (this.#counts.get(id) ?? 0) + times);
  }

  merge(other: Texts): void {
    for (const [id, times] of other.counts) this.add(id, times);
  }
}

const NONE: ReadonlyMap<number, number> = new Map();

/** What the spans of a row may tell besides how they ended and how long they took. */
const PARTS = {
  confidence: () => new Mean(),
  hallucination: () => new Share(),
  cache: () => new Share(),
  /** Predictions, and those of which it is known what came true. */
  predictions: () => new Share(),
  accuracy: () => new Mean(),
  absoluteError: () => new Mean(),
  percentageError: () => new Mean(),
  firstToken: () => new Quantiles(),
  steps: () => new Mean(),
  iterations: () => new Mean(),
  sources: () => new Mean(),
  memoryBytes: () => new Mean(),
  memoryRecords: () => new Mean(),
  retrievals: () => new Share(),
  connectors: () => new Share(),
  memories: () => new Share(),
  guardrails: () => new Share(),
  vectorStore: () => new Texts(),
  connectorAction: () => new Texts(),
  connectorProvider: () => new Texts(),
  connectorRouting: () => new Texts(),
  memoryOperation: () => new Texts(),
  memoryType: () => new Texts(),
  guardrail: () => new Texts(),
  guardrailOutcome: () => new Texts(),
} as const;

type Parts = { readonly [K in keyof typeof PARTS]: ReturnType<(typeof PARTS)[K]> };
/** Only what some span of the row tells is there: there may be a hundred thousand rows. */
export type Judged = Partial<Parts>;
const PART_NAMES = Object.keys(PARTS) as readonly (keyof Parts)[];

/** Everything that a row adds up. */
export class Tally {
  readonly labels: readonly string[];
  calls = 0;
  /** How many of them are spans of model calls. */
  llmCalls = 0;
  errors = 0;
  runs = 0;
  /** The trace of the last call: calls come in the order of traces. */
  lastTrace = -1;
  readonly durations = new Quantiles();
  readonly errorTypes = new Texts();
  retries = 0;
  /** Calls that were tried again, and those that succeeded in the end. */
  readonly retried = new Share();
  /** Output of model calls, and how long they took, in nanoseconds. */
  outputTokens = 0;
  outputNanos = 0;
  /** Prompt tokens of model calls: all, read from a cache, and written to one. */
  promptTokens = 0;
  cacheRead = 0;
  cacheWritten = 0;
  readonly judged: { -readonly [K in keyof Parts]?: Parts[K] } = {};

  constructor(labels: readonly string[]) {
    this.labels = labels;
  }

  /** A part of what is judged, begun where there is none. */
  part<K extends keyof Parts>(name: K): Parts[K] {
    this.judged[name] ??= PARTS[name]() as Parts[K];
    return this.judged[name]!;
  }

  /** `runs` are not added up: one run may have calls in several rows. */
  merge(other: Tally): void {
    this.calls += other.calls;
    this.llmCalls += other.llmCalls;
    this.errors += other.errors;
    this.durations.merge(other.durations);
    this.errorTypes.merge(other.errorTypes);
    this.retries += other.retries;
    this.retried.merge(other.retried);
    this.outputTokens += other.outputTokens;
    this.outputNanos += other.outputNanos;
    this.promptTokens += other.promptTokens;
    this.cacheRead += other.cacheRead;
    this.cacheWritten += other.cacheWritten;
    for (const name of PART_NAMES) {
      const part: Parts[typeof name] | undefined = other.judged[name];
      // Both are of one class: the names are the same.
      if (part !== undefined) (this.part(name) as { merge(other: unknown): void }).merge(part);
    }
  }
}
