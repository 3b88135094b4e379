import type { RuleFailure } from './outcome.ts';

/** The evaluations of a rule that failed, one entry for each message. */
export class Failures {
  readonly #found = new Map<string, { first: number; count: number }>();

  add(time: number, message: string): void {
    const known = this.#found.get(message);
    if (known === undefined) this.#found.set(message, { first: time, count: 1 });
    else known.count += 1;
  }

  list(): RuleFailure[] {
    return [...this.#found].map(([message, { first, count }]) => ({ message, first, count }));
  }
}
