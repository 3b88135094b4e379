import type { WarningKind } from '../model/index.ts';

/** Counts warnings by kind and keeps what the first of each was about. */
export class WarningLog {
  readonly #counts = new Map<WarningKind, { count: number; first: string }>();

  add(kind: WarningKind, first: () => string): void {
    const seen = this.#counts.get(kind);
    if (seen === undefined) this.#counts.set(kind, { count: 1, first: first() });
    else seen.count++;
  }

  list(): readonly { readonly kind: WarningKind; readonly count: number; readonly first: string }[] {
    return [...this.#counts].map(([kind, { count, first }]) => ({ kind, count, first }));
  }
}
