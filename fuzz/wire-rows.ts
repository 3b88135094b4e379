import { Dispatcher } from '../src/input/dispatch.ts';
import { readStream } from '../src/input/read-stream.ts';
import type { ScannerChoice } from '../src/input/row-lane.ts';
import { Tally } from '../src/input/tally.ts';
import { WireLane } from '../src/input/wire/wire-lane.ts';
import { type Projection, ROW_WORDS, type RowPlan, type RowSink, type SpanSink } from '../src/model/index.ts';
import { contentOf, RowCheck, tell } from './check-rows.ts';
import { chunks, firstDifference } from './whole.ts';

/** Ways to make rows of protobuf, for one plan, that read the same inputs. */
export class WireComparison {
  readonly #projection: Projection;
  readonly #ways: readonly Way[];

  /** `window` is how much is looked at at once. */
  constructor(plan: RowPlan, scanners: readonly ScannerChoice[], window: number) {
    const keys = plan.keys.filter(({ of }) => of === undefined).map(({ key }) => key);
    this.#projection = { attributes: new Set(keys), events: true, logs: true };
    this.#ways = scanners.map((name) => new Way(plan, name, window));
  }

  get compared(): number {
    return this.#ways.reduce(
      (sum, { checks }) => sum + checks.reduce((all, { compared }) => all + compared, 0),
      0,
    );
  }

  get withPattern(): number {
    return this.#ways.reduce(
      (sum, { checks }) => sum + checks.reduce((all, { withPattern }) => all + withPattern, 0),
      0,
    );
  }

  /** Throws unless every way, given the bytes in pieces of a size, finds what the reader of objects finds. */
  async check(bytes: Buffer, size: number): Promise<void> {
    const expected = await told(bytes, size, this.#projection, undefined);
    for (const way of this.#ways) {
      const found = await told(bytes, size, this.#projection, way);
      if (found !== expected) throw new Error(`${way.name}: ${firstDifference(found, expected)}`);
    }
  }
}

class Way {
  readonly name: ScannerChoice;
  readonly lane: WireLane;
  readonly checks: RowCheck[] = [];
  /** Who is told of the spans of rows, and how much was warned of. */
  sink: Pick<SpanSink, 'span'> | undefined;
  warnings = 0;

  constructor(plan: RowPlan, name: ScannerChoice, window: number) {
    this.name = name;
    this.lane = new WireLane(this.#rows(plan), name, window);
  }

  #rows(plan: RowPlan): RowSink {
    return {
      plan,
      from: (source) => {
        const check = new RowCheck(source, plan);
        this.checks.push(check);
        return (batch) => {
          for (let row = 0; row < batch.count; row++) {
            const from = row * ROW_WORDS;
            const words = batch.words.slice(from, from + ROW_WORDS);
            const doubles = batch.doubles.slice(from / 2, (from + ROW_WORDS) / 2);
            const before = this.warnings;
            const read = batch.read(row);
            if (read === undefined && words[0] === 0) continue;
            if (read === undefined) throw new Error(`${this.name}: a row without a span`);
            const said = (at: number, length: number) => batch.passage(row, at, length);
            check.checkOther({ words, doubles }, read.span, this.warnings > before, said);
            this.sink!.span(read.span, read.at);
          }
        };
      },
      undo: () => {
        throw new Error(`${this.name}: rows are taken back`);
      },
    };
  }
}

/** All that a reader tells of the bytes, as text. */
async function told(
  bytes: Buffer,
  size: number,
  projection: Projection,
  way: Way | undefined,
): Promise<string> {
  const spans: string[] = [];
  /** Spans may be read later than what stands behind them. */
  const others: string[] = [];
  const sink: SpanSink = {
    span: (span, at) => spans.push(tell([at, { ...span, resource: contentOf(span.resource) }])),
    log: (log) => others.push(tell(log)),
    skip: (...skipped) => others.push(tell(skipped)),
    warn: (...warned) => {
      if (way !== undefined) way.warnings++;
      others.push(tell(warned));
    },
  };
  if (way !== undefined) way.sink = sink;
  const tally = new Tally(sink);
  const dispatcher = new Dispatcher('x', tally, projection);
  const rows = {
    source: 'x',
    tally,
    lane: undefined,
    wire: way?.lane,
    total: undefined,
    memory: Buffer.alloc(0),
  };
  await readStream(chunks(bytes, size), dispatcher, { rows });
  tally.tellSkipped();
  return [
    ...spans,
    ...others.sort(),
    tell([tally.spans, tally.logs, tally.skipped, [...dispatcher.found]]),
  ].join('\n');
}
