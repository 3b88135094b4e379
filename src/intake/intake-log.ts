import {
  type InputSummary,
  type Place,
  SKIP_REASONS,
  type SkipReason,
  WARNINGS,
  type WarningKind,
} from '../model/index.ts';

/** Counts what readers pass over and what they find odd; keeps the first place of each kind. */
export class IntakeLog {
  logs = 0;
  /** Number of the row whose span is being read, where one is. */
  row: number | undefined;
  readonly #skipped: Tally<SkipReason> = new Map();
  readonly #warnings: Tally<WarningKind> = new Map();
  /** What was said of rows, in their order: it is taken back with them. */
  readonly #ofRows: { readonly row: number; readonly takeBack: () => void }[] = [];

  addLog(): void {
    this.logs++;
  }

  skip(reason: SkipReason, at: Place, count: number): void {
    this.#say(this.#skipped, reason, count, at);
  }

  warn(kind: WarningKind, at: Place): void {
    this.#say(this.#warnings, kind, 1, at);
  }

  addWarning(kind: WarningKind, count: number, first: string): void {
    tally(this.#warnings, kind, count, first);
  }

  /** Takes back what was said of rows from a number on. */
  forget(from: number): void {
    while (this.#ofRows.length > 0 && this.#ofRows.at(-1)!.row >= from) this.#ofRows.pop()!.takeBack();
  }

  #say<Kind>(counts: Tally<Kind>, kind: Kind, count: number, at: Place): void {
    tally(counts, kind, count, at);
    if (this.row === undefined) return;
    this.#ofRows.push({ row: this.row, takeBack: () => untally(counts, kind, count) });
  }

  skipped(): InputSummary['skipped'] {
    return [...this.#skipped].map(([reason, { count, first }]) => ({ reason, count, first: textOf(first) }));
  }

  warnings(): InputSummary['warnings'] {
    return [...this.#warnings].map(([kind, { count, first }]) => ({ kind, count, first: textOf(first) }));
  }

  complete(): boolean {
    const skippedDamage = [...this.#skipped.keys()].some((reason) => SKIP_REASONS[reason].damaged);
    return !skippedDamage && ![...this.#warnings.keys()].some((kind) => WARNINGS[kind].damaged);
  }
}

type Tally<Kind> = Map<Kind, { count: number; first: Place | string }>;

const textOf = (first: Place | string): string =>
  typeof first === 'string' ? first : `${first.source}:${first.line}`;

function tally<Kind>(counts: Tally<Kind>, kind: Kind, count: number, first: Place | string): void {
  const known = counts.get(kind);
  if (known === undefined) counts.set(kind, { count, first });
  else known.count += count;
}

/** Takes back what was added last. */
function untally<Kind>(counts: Tally<Kind>, kind: Kind, count: number): void {
  const known = counts.get(kind)!;
  known.count -= count;
  if (known.count === 0) counts.delete(kind);
}
