import { Dispatcher } from '../src/input/dispatch.ts';
import { readStream } from '../src/input/read-stream.ts';
import { RowLane, type ScannerChoice } from '../src/input/row-lane.ts';
import { Tally } from '../src/input/tally.ts';
import { WireLane } from '../src/input/wire/wire-lane.ts';
import type { RowPlan, SpanSource } from '../src/model/index.ts';
import { createNormalizer } from '../src/normalize/index.ts';
import { rowPlan } from '../src/normalize/rows/plan.ts';
import { load } from '../src/pipeline.ts';
import { createPriceBook } from '../src/pricing/index.ts';
import { viewOf } from '../test/normalize/table-view.ts';
import { tell } from './check-rows.ts';
import type { Random } from './random.ts';

// From bytes to what an answer is made of: by way of a scanner, and without.

const COLUMNS = [
  'attr:gen_ai.response.id',
  'attr:user.id',
  'attr:gen_ai.request.model',
  'resource:service.name',
];
const PRICES = createPriceBook();
const { asks } = createNormalizer();
const ASKED = rowPlan(asks, []);

/** How bytes come, and who reads them. */
export type Way = { readonly scanner: ScannerChoice; readonly chunk: number; readonly window: number };

export function randomWay(scanner: ScannerChoice, length: number, random: Random): Way {
  const size = () => 64 + random.below(random.pick([200, 2000, 2 * length]));
  return { scanner, chunk: size(), window: size() };
}

/** Some of the keys that tables really ask for. */
export function askedPlan(random: Random): RowPlan {
  const usual = ASKED.keys.filter(({ key }) => key.startsWith('gen_ai.') || key.endsWith('.id'));
  const keys = random.shuffled(random.chance(0.6) ? usual : ASKED.keys).slice(0, 1 + random.below(7));
  return { ...ASKED, keys };
}

/** The same bytes several times over, as if it had happened again: with other ids and values. */
export function repeated(bytes: Buffer, random: Random): Buffer {
  const text = bytes.toString('utf8');
  const again = () =>
    text
      .replaceAll(
        /(["'](?:0x)?)([0-9a-f]{15}|[0-9a-f]{31})[0-9a-f](?=["'])/g,
        (_, quote, digits) => `${quote}${digits}${random.digits(1)}`,
      )
      .replaceAll(/user-\d+/g, () => `user-${random.below(100)}`)
      .replaceAll(/(?<="intValue":"?)\d{1,6}(?=["}])/g, () => String(random.below(10_000)));
  return Buffer.from([text, ...random.many(1 + random.below(3), again)].join('\n'));
}

/** Throws unless both ways lead to the same; returns how many rows did. */
export async function checkWhole(bytes: Buffer, way: Way): Promise<number> {
  const slow = await loaded(bytes, undefined);
  const quick = await loaded(bytes, way);
  compare(quick, slow, JSON.stringify(way));
  return JSON.parse(slow.rows).length;
}

/** Throws unless two answers are the same. */
export function compare(answer: Answer, other: Answer, way: string): void {
  for (const [what, expected] of Object.entries(other)) {
    const found = answer[what as keyof Answer];
    if (found !== expected) throw new Error(`${what} by ${way}:\n${firstDifference(found, expected)}`);
  }
}

export type Answer = Awaited<ReturnType<typeof answerOf>>;

async function loaded(bytes: Buffer, way: Way | undefined) {
  const source: SpanSource = {
    read: async (sink, projection) => {
      const tally = new Tally(sink);
      const dispatcher = new Dispatcher('x', tally, projection);
      const lane = way && sink.rows && new RowLane(sink.rows, projection, way.scanner, way.window);
      const wire = way && sink.rows && new WireLane(sink.rows, way.scanner, way.window);
      const rows = {
        source: 'x',
        tally,
        lane,
        wire,
        total: undefined,
        memory: Buffer.alloc(way?.window ?? 0),
      };
      await readStream(
        chunks(bytes, way?.chunk ?? bytes.length),
        dispatcher,
        lane === undefined ? {} : { rows },
      );
      tally.tellSkipped();
      const { spans, logs, skipped } = tally;
      return [
        { name: 'x', format: [...dispatcher.found].join('+'), bytes: bytes.length, spans, logs, skipped },
      ];
    },
  };
  return answerOf(source);
}

/** All that answers are made of, as text. */
export async function answerOf(source: SpanSource) {
  const data = await load(source, { prices: PRICES, costMode: 'auto', observations: true, by: COLUMNS });
  const { forest, attribution, bill, input } = data;
  const { strings } = forest.table;
  const positions = [...forest.row.keys()];
  const whom = Object.entries(attribution).map(([field, of]) => [
    field,
    positions.map((p) => strings.text(of(p))),
  ]);
  return {
    input: tell(input),
    rows: tell(viewOf(forest.table, COLUMNS, true)),
    tree: tell([[...forest.row], [...forest.parent]]),
    attribution: tell(whom),
    bill: tell(positions.map((p) => [bill.status(p), bill.cost(p), bill.isCall(p)])),
  };
}

export function firstDifference(found: string, expected: string): string {
  let at = 0;
  while (at < found.length && found[at] === expected[at]) at++;
  const from = Math.max(0, at - 200);
  return `found …${found.slice(from, at + 200)}\nexpected …${expected.slice(from, at + 200)}`;
}

/** Chunks whose memory is used again for the next one. */
export async function* chunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  const memory = Buffer.alloc(Math.max(1, Math.min(size, bytes.length)));
  for (let from = 0; from < bytes.length; from += size) {
    const length = bytes.copy(memory, 0, from, Math.min(bytes.length, from + size));
    yield memory.subarray(0, length);
    memory.fill('~');
  }
}
