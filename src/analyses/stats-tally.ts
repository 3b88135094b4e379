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

/** What the spans of a row tell besides how they ended and how long they took. */
export class Judged {
  readonly confidence = new Mean();
  readonly hallucination = new Share();
  readonly cache = new Share();
  /** Predictions, and those of which it is known what came true. */
  readonly predictions = new Share();
  readonly accuracy = new Mean();
  readonly absoluteError = new Mean();
  readonly percentageError = new Mean();
  readonly firstToken = new Quantiles();
  readonly steps = new Mean();
  readonly iterations = new Mean();
  readonly sources = new Mean();
  readonly memoryBytes = new Mean();
  readonly memoryRecords = new Mean();
  readonly retrievals = new Share();
  readonly connectors = new Share();
  readonly memories = new Share();
  readonly guardrails = new Share();
  readonly vectorStore = new Texts();
  readonly connectorAction = new Texts();
  readonly connectorProvider = new Texts();
  readonly connectorRouting = new Texts();
  readonly memoryOperation = new Texts();
  readonly memoryType = new Texts();
  readonly guardrail = new Texts();
  readonly guardrailOutcome = new Texts();

  merge(other: Judged): void {
    for (const name of PARTS) {
      // Both are of one class: the names are the same.
      (this[name] as { merge(part: unknown): void }).merge(other[name]);
    }
  }
}

const PARTS = Object.keys(new Judged()) as Exclude<keyof Judged, 'merge'>[];

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
  /** Undefined where no span of the row tells anything. */
  judged: Judged | undefined;

  constructor(labels: readonly string[]) {
    this.labels = labels;
  }

  judging(): Judged {
    this.judged ??= new Judged();
    return this.judged;
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
    if (other.judged !== undefined) this.judging().merge(other.judged);
  }
}
