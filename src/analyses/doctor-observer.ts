import { type AgentSpan, Interner, type Place, type Span } from '../model/index.ts';

/** Sees every span as it is read; keeps a few numbers of each, by row of the table. */
export class Observer {
  readonly #marksOf: (span: Span, agent: AgentSpan) => number;
  readonly #texts = new Interner();
  readonly #marks: number[] = [];
  readonly #sources: number[] = [];
  readonly #lines: number[] = [];
  readonly #scopes: number[] = [];

  constructor(marksOf: (span: Span, agent: AgentSpan) => number) {
    this.#marksOf = marksOf;
  }

  readonly see = (span: Span, at: Place, agent: AgentSpan): void => {
    this.#marks.push(this.#marksOf(span, agent));
    this.#sources.push(this.#texts.id(at.source));
    this.#lines.push(at.line);
    this.#scopes.push(this.#texts.id(span.scope?.name));
  };

  has(row: number, mark: number): boolean {
    return (this.#marks[row]! & mark) !== 0;
  }

  placeOf(row: number): { readonly source: string; readonly line: number } {
    return { source: this.#texts.text(this.#sources[row]!) ?? '', line: this.#lines[row]! };
  }

  scopeOf(row: number): string | undefined {
    return this.#texts.text(this.#scopes[row]!);
  }
}
