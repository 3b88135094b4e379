import type { RowPlan } from '../model/index.ts';
import { type ContextKind, Contexts, formatOf } from './scan/contexts.ts';
import type { Scanner, ScanStop } from './scan/scanner.ts';
import { jsonText } from './scan/texts.ts';
import { openModule } from './wasm-module.ts';

/** `src/scanner/document-kinds.ts`, which counts from 1. */
const KINDS: readonly ContextKind[] = ['request', 'flat', 'python', 'node'];
/** Why the scanner stops. */
const STOPS: readonly ScanStop['why'][] = ['full', 'more', 'foreign'];

/**
 * The scanner in WebAssembly, compiled when the program is built. Throws where the file is missing or this machine has no vector
 * instructions. The window and the rows are views of its memory, good until the next scan.
 */
export function createWasmScanner(plan: RowPlan): Scanner {
  const contexts = new Contexts();
  const blanks = new Map(plan.blanks.map((blank, index) => [blank, index + 1]));
  const { wasm, window, windowAt, rows, text, slotsOf } = openModule({
    plan,
    hostOf: (bytesAt) => {
      const someBytes = (at: number, length: number) => (length === 0 ? undefined : bytesAt(at, length));
      return {
        parsedNumber: (at, length) => Number(bytesAt(at, length).toString('latin1')),
        blankNamed: (at, length) => blanks.get(jsonText(bytesAt(at, length), 0, length)) ?? 0,
        contextNamed: (kind, resource, resourceLength, scope, scopeLength) =>
          contexts.number(
            contexts.resource(someBytes(resource, resourceLength), KINDS[kind - 1]),
            contexts.scope(someBytes(scope, scopeLength), KINDS[kind - 1]),
          ),
      };
    },
    // As it stands between quotes.
    written: (blank) => JSON.stringify(blank).slice(1, -1),
    textOf: jsonText,
  });
  return {
    readsSpans: true,
    window,
    begin: wasm.begin,
    scan(from, end, offset, last) {
      const at = windowAt();
      const why = STOPS[wasm.scan(at, at + from, at + end, offset, last)]!;
      return {
        why,
        at: wasm.stoppedAt.value - at,
        document: wasm.documentAt.value,
        line: wasm.documentLine.value,
        handedOut: wasm.handedOut.value,
        broken: wasm.broken.value !== 0,
        ended: endedFormats(wasm.ended.value),
      };
    },
    passIndented(from, end) {
      const at = windowAt();
      return { at: wasm.behindIndented(at + from, at + end) - at, lines: wasm.indentedLines.value };
    },
    rows,
    text,
    slotsOf,
    context: (context) => contexts.get(context),
  };
}

/** The formats of documents that ended, four bits a kind. */
function endedFormats(kinds: number): string[] {
  const formats: string[] = [];
  for (let left = kinds; left > 0; left >>>= 4) formats.push(formatOf(KINDS[(left & 15) - 1]!));
  return formats;
}
