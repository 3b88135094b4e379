import type { AheadInput, AheadReading, Place, ReadAhead, RowPlace } from '../model/index.ts';
import { type Cut, cutOf, type File } from './cut.ts';
import type { Input } from './resolve.ts';
import type { ScannerChoice } from './row-lane.ts';

/** Below this many bytes of files a second thread takes longer to be ready than it saves. */
const WORTHWHILE = 400e6;
/** So much more is read here: whoever reads ahead begins later, and has to hand over what it found. */
const HEAD_START = 50e6;

export type AheadOptions = {
  readonly inputFormat?: string | undefined;
  readonly scanner?: ScannerChoice | undefined;
  /** How many threads may read; 2: however little there is. */
  readonly threads?: 1 | 2 | undefined;
  /** Where to cut, where somebody insists. */
  readonly cut?: Cut | undefined;
};

/** Lets somebody else read the end of the inputs; undefined where that is not worth while. */
export function beginAhead(
  inputs: readonly Input[],
  read: ReadAhead | undefined,
  options: AheadOptions,
  onProgress: () => void,
): Ahead | undefined {
  if (read === undefined || options.threads === 1 || !areFiles(inputs)) return undefined;
  const forced = options.threads === 2;
  const total = inputs.reduce((sum, { size }) => sum + size, 0);
  if (total < WORTHWHILE && !forced) return undefined;
  const cut = options.cut ?? (forced ? cutOf(inputs, total / 2, 0) : cutOf(inputs, total / 2 + HEAD_START));
  return cut && new Ahead(inputs, cut, total, read, options, onProgress);
}

const areFiles = (inputs: readonly Input[]): inputs is readonly File[] =>
  inputs.every(({ kind }) => kind === 'file');

/** What somebody else reads from a cut on. */
export class Ahead {
  readonly cut: Cut;
  /** Bytes read there so far, as long as they have not been taken. */
  bytes = 0;
  /** What was found there, once it has been handed over. */
  taken: readonly AheadInput[] | undefined;
  readonly #name: string;
  readonly #reading: AheadReading;

  constructor(
    files: readonly File[],
    cut: Cut,
    total: number,
    read: ReadAhead,
    { inputFormat, scanner }: AheadOptions,
    onProgress: () => void,
  ) {
    const behind = files.slice(cut.input);
    this.cut = cut;
    this.#name = behind[0]!.name;
    this.#reading = read({ files: behind, offset: cut.offset, total, inputFormat, scanner }, (bytes) => {
      this.bytes = bytes;
      onProgress();
    });
  }

  /**
   * All rows before the cut have been handed over, so many, and the next line has this number. Whether everything behind it
   * has been handed over now, too. `stamp`: what the file that is cut was when it was opened here.
   */
  async take(rows: number, line: number, stamp: string | undefined): Promise<boolean> {
    const found = await this.#reading.found;
    this.bytes = 0;
    const inside = this.cut.offset > 0;
    if (found === undefined || (inside && found.inputs[0]!.stamp !== stamp)) return false;
    const moved = (place: Place): Place =>
      inside && place.source === this.#name ? { ...place, line: place.line + line - 1 } : place;
    const movedRows = (place: RowPlace): RowPlace => ({
      ...place,
      row: place.row + rows,
      end: place.end + rows,
      input: place.input + this.cut.input,
      line: inside && place.input === 0 ? place.line + line - 1 : place.line,
    });
    found.deliver(moved);
    this.taken = found.inputs.map((input) => ({
      ...input,
      skipped: input.skipped.map(([reason, count, first]) => [reason, count, moved(first)]),
      places: input.places.map(movedRows),
    }));
    return true;
  }

  stop(): void {
    this.#reading.stop();
  }
}
