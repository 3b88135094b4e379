import type { ScannerChoice } from '../src/input/row-lane.ts';
import type { Scanner } from '../src/input/scan/scanner.ts';
import { ROW, type RowPlan } from '../src/model/index.ts';
import { RowCheck } from './check-rows.ts';
import { drive, type Stretch } from './drive.ts';
import { type Expected, expectedIn } from './expected.ts';
import { Random } from './random.ts';

export type NamedScanner = { readonly name: ScannerChoice; readonly create: (plan: RowPlan) => Scanner };

/** Scanners of one plan that read the same inputs. */
export class Comparison {
  readonly #scanners: readonly {
    readonly name: string;
    readonly scanner: Scanner;
    readonly rows: RowCheck;
  }[];

  constructor(plan: RowPlan, scanners: readonly NamedScanner[]) {
    this.#scanners = scanners.map(({ name, create }) => {
      const scanner = create(plan);
      return { name, scanner, rows: new RowCheck(scanner, plan) };
    });
  }

  get compared(): number {
    return this.#scanners.reduce((sum, { rows }) => sum + rows.compared, 0);
  }

  get withPattern(): number {
    return this.#scanners.reduce((sum, { rows }) => sum + rows.withPattern, 0);
  }

  /**
   * Throws unless every scanner, given the bytes at once and in pieces (`seed` says of what size), reads
   * what `JSON.parse` and the format's reader read. `ordinary`: nothing of it may be refused.
   */
  check(bytes: Buffer, seed: number, ordinary: boolean): void {
    const expected = expectations(bytes);
    let first: { readonly name: string; readonly told: string } | undefined;
    for (const { name, scanner, rows } of this.#scanners) {
      for (const sizes of [() => bytes.length, pieceSizes(seed, bytes.length)]) {
        try {
          const stretches = drive(scanner, bytes, sizes);
          for (const stretch of stretches) checkStretch(stretch, expected(stretch), bytes, rows);
          if (ordinary && stretches.some(({ foreign }) => foreign)) throw new Error('refused');
          const told = JSON.stringify(stretches.map(tellStretch));
          first ??= { name, told };
          if (first.told !== told) throw new Error(`${told}\n${first.name}: ${first.told}`);
        } catch (error) {
          throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
        }
      }
    }
  }
}

/** What other readers find in a stretch, found out once. */
function expectations(bytes: Buffer): (stretch: Stretch) => Expected {
  const known = new Map<string, Expected>();
  return ({ start, end }) => {
    const key = `${start} ${end}`;
    const expected = known.get(key) ?? expectedIn(bytes.toString('utf8', start, end));
    known.set(key, expected);
    return expected;
  };
}

/** From everything at once to single bytes, these only where that is not too many. */
function pieceSizes(seed: number, length: number): () => number {
  const random = new Random(seed);
  const pieces = random.pick([2, 3, 5, 16, length < 800 ? length : 50]);
  return () => 1 + random.below((2 * length) / pieces || 1);
}

function checkStretch(
  { rows, broken, foreign }: Stretch,
  expected: Expected,
  bytes: Buffer,
  check: RowCheck,
): void {
  if (expected.spans.length !== rows.length)
    throw new Error(`${rows.length} rows for ${expected.spans.length} spans`);
  if (!foreign && broken !== undefined && broken !== expected.broken) throw new Error(`broken: ${broken}`);
  let line = 1;
  let at = 0;
  rows.forEach((row, i) => {
    if (row.offset < at) throw new Error('rows in another order');
    for (; at < row.offset; at++) if (bytes[at] === LINE_FEED) line++;
    check.check(row, expected.spans[i]!, bytes, line);
  });
}

const LINE_FEED = 0x0a;

/** What scanners have to agree on: what is refused, and which spans are for objects. */
const tellStretch = ({ start, end, rows }: Stretch) => [
  start,
  end,
  rows.map(({ words }) => (words[ROW.pattern]! > 0 ? 'p' : 'o')).join(''),
];
