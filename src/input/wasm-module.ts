import { readFileSync } from 'node:fs';
import type { RowKey, RowPlan, RowUse } from '../model/index.ts';

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
  readonly behindIndented: (from: number, end: number) => number;
  readonly indentedLines: Global;
  readonly stoppedAt: Global;
  readonly documentAt: Global;
  readonly documentLine: Global;
  readonly handedOut: Global;
  readonly broken: Global;
  readonly ended: Global;
  readonly beginRequest: (from: number, end: number) => number;
  readonly scanRequest: (window: number) => number;
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

/** What the scanner calls uses. */
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

/** A view of bytes in the memory of the module, good until the next call. */
type BytesAt = (at: number, length: number) => Buffer;

/** What is told to the module when it is made. */
export type ModuleOptions = {
  readonly plan: RowPlan;
  readonly hostOf: (bytesAt: BytesAt) => Host;
  /** How a blank is written in what is scanned, and what the bytes of a text mean. */
  readonly written: (blank: string) => string;
  readonly textOf: (bytes: Buffer, from: number, end: number) => string;
};

/** What all scanners in WebAssembly have; see `Scanner`. */
export type Module = {
  readonly wasm: Exports;
  readonly limit: number;
  readonly window: (size: number) => Buffer;
  /** Where the window is in its memory. */
  readonly windowAt: () => number;
  readonly rows: () => Rows;
  readonly text: (text: number) => string;
  readonly slotsOf: (pattern: number) => readonly number[];
};
type Rows = { readonly count: number; readonly words: Uint32Array; readonly doubles: Float64Array };

/** Makes an instance of the scanner for a plan. Throws where the file is missing or this machine has no vector instructions. */
export function openModule({ plan, hostOf, written, textOf }: ModuleOptions): Module {
  let memory = Buffer.alloc(0);
  const all = () => {
    // Memory that grows is another buffer.
    if (memory.buffer !== wasm.memory.buffer) memory = Buffer.from(wasm.memory.buffer);
    return memory;
  };
  const bytesAt: BytesAt = (at, length) => all().subarray(at, at + length);
  const wasm = instantiate(hostOf(bytesAt));
  tellPlan(wasm, plan, written);
  const limit = wasm.WINDOW_LIMIT.value;
  let window = 0;
  let size = 0;
  return {
    wasm,
    limit,
    window(wanted) {
      if (wanted > limit) throw new RangeError(`a window of ${wanted} bytes: there is room for ${limit}`);
      size = Math.max(size, wanted);
      window = wasm.windowFor(size);
      if (window === 0) throw new RangeError(`no memory for a window of ${size} bytes`);
      return bytesAt(window, size);
    },
    windowAt: () => window,
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
      return textOf(all(), at, at + wasm.textLength(text));
    },
    slotsOf(pattern) {
      const count = wasm.listSlots(pattern);
      return [...new Uint32Array(wasm.memory.buffer, wasm.slotList.value, count)];
    },
  };
}

function instantiate(host: Host): Exports {
  const file = readFileSync(new URL('../../dist/scanner.wasm', import.meta.url));
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(file), { host });
  return exports as Exports;
}

/** Strings pass through the window, which nobody uses yet. */
function tellPlan(wasm: Exports, { keys, blanks, events }: RowPlan, written: ModuleOptions['written']): void {
  // Hashes begin with something that nobody knows who could make strings that run into each other.
  wasm.beginPlan(keys.length, BigInt(Math.floor(Math.random() * 2 ** 52)));
  const put = (text: string) => {
    const encoded = Buffer.from(text);
    const at = wasm.windowFor(encoded.length);
    encoded.copy(Buffer.from(wasm.memory.buffer, at));
    return [at, encoded.length] as const;
  };
  for (const { key, use, of = 'span' } of keys) wasm.addKey(...put(key), PARTS[of], USES[use]);
  for (const blank of blanks) wasm.addBlank(...put(written(blank)));
  for (const event of events) wasm.addEvent(...put(event));
  wasm.finishPlan();
}
