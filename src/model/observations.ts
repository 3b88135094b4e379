import { Entries, NumberColumn } from './columns.ts';
import type { Interner } from './interner.ts';

/** What a span may tell in numbers besides usage and money. */
export const OBSERVED_NUMBERS = [
  /** How sure the emitter was of its answer, from 0 to 1. */
  'confidence',
  /** How much of an answer a judge took for made up, from 0 to 1; 1 or 0 where the judge said yes or no. */
  'hallucination',
  /** A predicted value, and the value that came true, in the unit of the emitter. */
  'predicted',
  'actual',
  /** How right a prediction was in the emitter's own judgement, from 0 to 1. */
  'predictionAccuracy',
  /** Nanoseconds. */
  'timeToFirstToken',
  /** An application's cache, not the prompt cache of a provider: 1 for a hit, 0 for a miss. */
  'cacheHit',
  /** How many look-ups of such a cache were hits and misses, where a span tells of several. */
  'cacheHits',
  'cacheMisses',
  /** Documents that a search came back with. */
  'sourcesFound',
  'memoryBytes',
  'memoryRecords',
  /** Steps of a workflow, and rounds of an agent. */
  'steps',
  'iterations',
] as const;
export type ObservedNumber = (typeof OBSERVED_NUMBERS)[number];

/** What a span may tell in words besides whom it worked for and what it called. */
export const OBSERVED_TEXTS = [
  'vectorStore',
  'connectorAction',
  'connectorProvider',
  'connectorRouting',
  'memoryOperation',
  'memoryType',
  'guardrail',
  'guardrailOutcome',
  /** What the attempts of one call have in common. */
  'callId',
  /** Ids where `agent` and `workflow` are names. */
  'agentId',
  'workflowId',
  'nodeType',
  /** How a workflow walks through its steps. */
  'stepMode',
  /** The emitter's own word for how a workflow, node or connector ended. */
  'outcome',
] as const;
export type ObservedText = (typeof OBSERVED_TEXTS)[number];

/** What one span tells of these. Silent ones are not in it. */
export type Observed = {
  readonly numbers: Readonly<Partial<Record<ObservedNumber, number>>>;
  readonly texts: Readonly<Partial<Record<ObservedText, string>>>;
};

/** What spans tell besides usage and money, as sparse columns: empty unless it was asked for. Most spans have no entry. */
export class ObservationTable {
  readonly #strings: Interner;
  readonly #entries = new Entries();
  /** A bit for each number that an entry tells: a column has no way to tell 0 from nothing. */
  readonly #told = new NumberColumn();
  readonly #numbers = new Map<ObservedNumber, NumberColumn>();
  readonly #texts = new Map<ObservedText, NumberColumn>();
  /** What was said of rows afterwards. */
  readonly #judged = new Map<ObservedNumber, Map<number, number | undefined>>();

  constructor(strings: Interner) {
    this.#strings = strings;
  }

  /** Says all that the row that was added last tells. */
  add(row: number, { numbers, texts }: Observed): void {
    for (const name of OBSERVED_NUMBERS) {
      const value = numbers[name];
      if (value !== undefined) this.setNumber(name, row, value);
    }
    for (const name of OBSERVED_TEXTS) this.setText(name, row, this.#strings.id(texts[name]));
  }

  /** Says a number of the row that was added last. */
  setNumber(name: ObservedNumber, row: number, value: number): void {
    const entry = this.#entry(row);
    this.#told.set(entry, (this.#told.get(entry) | bitOf(name)) >>> 0);
    columnIn(this.#numbers, name).set(entry, value);
  }

  /** Says a text of the row that was added last; `text` is a number of the table's strings. */
  setText(name: ObservedText, row: number, text: number): void {
    if (text !== 0) columnIn(this.#texts, name).set(this.#entry(row), text);
  }

  /** Says a number of any row, once all of them are here; undefined: the row does not tell it any more. */
  judge(name: ObservedNumber, row: number, value: number | undefined): void {
    const judged = this.#judged.get(name) ?? new Map<number, number | undefined>();
    this.#judged.set(name, judged.set(row, value));
  }

  /** Some span may tell it. */
  has(name: ObservedNumber | ObservedText): boolean {
    return (
      this.#numbers.has(name as ObservedNumber) ||
      this.#texts.has(name as ObservedText) ||
      this.#judged.has(name as ObservedNumber)
    );
  }

  /** The row tells something. */
  tells(row: number): boolean {
    if (this.#entries.of(row) >= 0) return true;
    for (const judged of this.#judged.values()) if (judged.get(row) !== undefined) return true;
    return false;
  }

  /** Undefined where the row does not tell it. */
  number(name: ObservedNumber, row: number): number | undefined {
    const judged = this.#judged.get(name);
    if (judged?.has(row)) return judged.get(row);
    const column = this.#numbers.get(name);
    if (column === undefined) return undefined;
    const entry = this.#entries.of(row);
    return entry < 0 || (this.#told.get(entry) & bitOf(name)) === 0 ? undefined : column.get(entry);
  }

  /** Undefined where the row does not tell it. */
  text(name: ObservedText, row: number): string | undefined {
    return this.#strings.text(this.textId(name, row));
  }

  /** The number of the text in the table's strings; 0 where the row does not tell it. */
  textId(name: ObservedText, row: number): number {
    const column = this.#texts.get(name);
    if (column === undefined) return 0;
    const entry = this.#entries.of(row);
    return entry < 0 ? 0 : column.get(entry);
  }

  /** Forgets what rows from `row` on said. */
  truncate(row: number): void {
    this.#entries.truncate(row);
    for (const column of [this.#told, ...this.#numbers.values(), ...this.#texts.values()])
      column.clear(this.#entries.length);
  }

  #entry(row: number): number {
    const known = this.#entries.of(row);
    return known < 0 ? this.#entries.add(row) : known;
  }
}

/** How far a prediction is off, as a part of what came true; undefined where that is 0 and something else was predicted. */
export function relativeError(predicted: number, actual: number): number | undefined {
  if (predicted === actual) return 0;
  const error = Math.abs(predicted - actual) / Math.abs(actual);
  return Number.isFinite(error) ? error : undefined;
}

const BITS = new Map(OBSERVED_NUMBERS.map((name, place) => [name, 1 << place]));
const bitOf = (name: ObservedNumber): number => BITS.get(name)!;

function columnIn<Name>(columns: Map<Name, NumberColumn>, name: Name): NumberColumn {
  let column = columns.get(name);
  if (column === undefined) {
    column = new NumberColumn();
    columns.set(name, column);
  }
  return column;
}
