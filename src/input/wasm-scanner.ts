import { readFileSync } from 'node:fs';
import type { RowKey, RowPlan, RowUse } from '../model/index.ts';
import { type ContextKind, Contexts, formatOf } from './scan/contexts.ts';
import type { Scanner, ScanStop } from './scan/scanner.ts';
import { jsonText } from './scan/texts.ts';

/** As far as it is needed here: types of it come with those of browsers only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
};

/** What `src/scanner/index.ts` exports. Places are places in its memory. */
type Exports = {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly WINDOW_LIMIT: Global;
  readonly windowFor: (size: number) => number;
  readonly beginPlan: (keys: number, seed: bigint) => void;
  readonly addKey: (at: number, length: number, part: number, use: number) => void;
  readonly addBlank: (at: number, length: number) => void;
  readonly addEvent: (at: number, length: number) => void;
  readonly finishPlan: () => void;
  readonly begin: (line: number) => void;
  readonly scan: (window: number, from: number, end: number, offset: number, last: boolean) => number;
  readonly stoppedAt: Global;
  readonly documentAt: Global;
  readonly documentLine: Global;
  readonly handedOut: Global;
  readonly broken: Global;
  readonly ended: Global;
  readonly rows: Global;
  readonly rowCount: Global;
  readonly listSlots: (pattern: number) => number;
  readonly slotList: Global;
  readonly textAt: (text: number) => number;
  readonly textLength: (text: number) => number;
};
type Global = { readonly value: number };

/** What `src/scanner/host.ts` declares. */
type Host = {
  readonly parsedNumber: (at: number, length: number) => number;
  readonly blankNamed: (at: number, length: number) => number;
  readonly contextNamed: (
    kind: number,
    resource: number,
    resourceLength: number,
    scope: number,
    scopeLength: number,
  ) => number;
};

/** What the scanner calls uses, and why it stops. */
const USES: Readonly<Record<RowUse, number>> = {
  presence: 0,
  constant: 1,
  text: 2,
  count: 3,
  amount: 4,
  answer: 5,
  passage: 6,
};
const PARTS: Readonly<Record<NonNullable<RowKey['of']> | 'span', number>> = {
  span: 0,
  status: 1,
  exception: 2,
};
/** `src/scanner/document-kinds.ts`, which counts from 1. */
const KINDS: readonly ContextKind[] = ['request', 'flat', 'python', 'node'];
const STOPS: readonly ScanStop['why'][] = ['full', 'more', 'foreign'];

/**
 * The scanner in WebAssembly, compiled when the program is built. Throws where the file is missing or this machine has no vector
 * instructions. The window and the rows are views of its memory, good until the next scan.
 */
export function createWasmScanner(plan: RowPlan): Scanner {
  const contexts = new Contexts();
  const blanks = new Map(plan.blanks.map((blank, index) => [blank, index + 1]));
  let memory = Buffer.alloc(0);
  const all = () => {
    // Memory that grows is another buffer.
    if (memory.buffer !== wasm.memory.buffer) memory = Buffer.from(wasm.memory.buffer);
    return memory;
  };
  const bytes = (at: number, length: number) => all().subarray(at, at + length);

  const host: Host = {
    parsedNumber: (at: number, length: number) => Number(bytes(at, length).toString('latin1')),
    blankNamed: (at: number, length: number) => blanks.get(jsonText(bytes(at, length), 0, length)) ?? 0,
    contextNamed: (kind, resource, resourceLength, scope, scopeLength) =>
      contexts.number(
        contexts.resource(someBytes(resource, resourceLength), KINDS[kind - 1]),
        contexts.scope(someBytes(scope, scopeLength), KINDS[kind - 1]),
      ),
  };
  const someBytes = (at: number, length: number) => (length === 0 ? undefined : bytes(at, length));
  const wasm = instantiate(host);
  tellPlan(wasm, plan);

  const limit = wasm.WINDOW_LIMIT.value;
  let window = 0;
  let size = 0;
  return {
    readsSpans: true,
    window(wanted) {
      if (wanted > limit) throw new RangeError(`a window of ${wanted} bytes: there is room for ${limit}`);
      size = Math.max(size, wanted);
      window = wasm.windowFor(size);
      if (window === 0) throw new RangeError(`no memory for a window of ${size} bytes`);
      return bytes(window, size);
    },
    begin: wasm.begin,
    scan(from, end, offset, last) {
      const why = STOPS[wasm.scan(window, window + from, window + end, offset, last)]!;
      return {
        why,
        at: wasm.stoppedAt.value - window,
        document: wasm.documentAt.value,
        line: wasm.documentLine.value,
        handedOut: wasm.handedOut.value,
        broken: wasm.broken.value !== 0,
        ended: endedFormats(wasm.ended.value),
      };
    },
    rows() {
      const { buffer } = wasm.memory;
      const at = wasm.rows.value;
      return {
        count: wasm.rowCount.value,
        words: new Uint32Array(buffer, at),
        doubles: new Float64Array(buffer, at),
      };
    },
    text(text) {
      const at = wasm.textAt(text);
      return jsonText(all(), at, at + wasm.textLength(text));
    },
    slotsOf(pattern) {
      const count = wasm.listSlots(pattern);
      return [...new Uint32Array(wasm.memory.buffer, wasm.slotList.value, count)];
    },
    context: (context) => contexts.get(context),
  };
}

/** The formats of documents that ended, four bits a kind. */
function endedFormats(kinds: number): string[] {
  const formats: string[] = [];
  for (let left = kinds; left > 0; left >>>= 4) formats.push(formatOf(KINDS[(left & 15) - 1]!));
  return formats;
}

function instantiate(host: Host): Exports {
  const file = readFileSync(new URL('../../dist/scanner.wasm', import.meta.url));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(file), { host });
  return exports as Exports;
}

/** Strings pass through the window, which nobody uses yet. */
function tellPlan(wasm: Exports, { keys, blanks, events }: RowPlan): void {
  // Hashes begin with something that nobody knows who could make strings that run into each other.
  wasm.beginPlan(keys.length, BigInt(Math.floor(Math.random() * 2 ** 52)));
  const put = (text: string) => {
    const encoded = Buffer.from(text);
    const at = wasm.windowFor(encoded.length);
    encoded.copy(Buffer.from(wasm.memory.buffer, at));
    return [at, encoded.length] as const;
  };
  for (const { key, use, of = 'span' } of keys) wasm.addKey(...put(key), PARTS[of], USES[use]);
  for (const blank of blanks) wasm.addBlank(...put(JSON.stringify(blank).slice(1, -1)));
  for (const event of events) wasm.addEvent(...put(event));
  wasm.finishPlan();
}
