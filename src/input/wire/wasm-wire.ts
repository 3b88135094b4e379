import type { Resource, RowContext, RowPlan, RowSource, Scope } from '../../model/index.ts';
import { resourceAttributes, scopeFrom } from '../formats/otlp-proto.ts';
import { isNoMessage, WireReader } from '../formats/protobuf.ts';
import { sharedParts } from '../shared-parts.ts';
import { type Module, openModule } from '../wasm-module.ts';

/**
 * Puts spans of requests in protobuf into rows. It is stricter than the reader: whatever is unusual about a span makes it one that
 * is to be read as an object, and whatever is unusual around spans makes the request one for the reader.
 */
export type WireScanner = RowSource &
  Pick<Module, 'limit' | 'window' | 'rows'> & {
    /** Begins the request in `[from, end)` of the window; false where it is for the reader. */
    readonly begin: (from: number, end: number) => boolean;
    /** Makes rows of the spans that come next; whether there are more. Their `offset` counts from the beginning of the window. */
    readonly scan: () => boolean;
  };

/** The scanner in WebAssembly; throws where it cannot be had. */
export function createWasmWire(plan: RowPlan): WireScanner {
  const contexts = new Contexts();
  const { wasm, limit, window, windowAt, rows, text, slotsOf } = openModule({
    plan,
    hostOf: (bytesAt) => ({
      // Numbers are not written in digits, nor texts with escapes.
      parsedNumber: () => Number.NaN,
      blankNamed: () => 0,
      contextNamed: (_, resource, resourceLength, scope, scopeLength) =>
        contexts.number(bytesAt(resource, resourceLength), bytesAt(scope, scopeLength)),
    }),
    written: (blank) => blank,
    textOf: (bytes, from, end) => bytes.toString('utf8', from, end),
  });
  return {
    limit,
    window,
    begin: (from, end) => wasm.beginRequest(windowAt() + from, windowAt() + end) !== 0,
    scan: () => wasm.scanRequest(windowAt()) !== 0,
    rows,
    text,
    slotsOf,
    context: (number) => contexts.found[number - 1]!,
  };
}

/** Numbers, from 1, for what resources and scopes tell together: equal content has equal numbers. */
class Contexts {
  readonly #parts = sharedParts();
  readonly #numbers = new Map<Resource, Map<Scope | undefined, number>>();
  readonly found: RowContext[] = [];

  /** The number of a resource and a scope, of which none is no bytes; 0 where one of them is no message. */
  number(resourceBytes: Buffer, scopeBytes: Buffer): number {
    try {
      const resource = this.#parts.resource(resourceAttributes(new WireReader(resourceBytes)));
      return this.#numberOf(resource, scopeFrom(new WireReader(scopeBytes), this.#parts));
    } catch (error) {
      if (!isNoMessage(error)) throw error;
      return 0;
    }
  }

  #numberOf(resource: Resource, scope: Scope | undefined): number {
    let numbers = this.#numbers.get(resource);
    if (numbers === undefined) {
      numbers = new Map();
      this.#numbers.set(resource, numbers);
    }
    let number = numbers.get(scope);
    if (number === undefined) {
      number = this.found.push({ resource, scope });
      numbers.set(scope, number);
    }
    return number;
  }
}
