import type { RowPlan } from '../../model/index.ts';
import { Contexts } from './contexts.ts';
import { DocumentReader } from './document-reader.ts';
import { FOREIGN, JsonBytes, MORE } from './json-bytes.ts';
import { RowBuffer } from './row-buffer.ts';
import type { Scanner, ScanStop } from './scanner.ts';
import { SpanReader } from './span-reader.ts';

const [TAB, LINE_FEED, SPACE] = [0x09, 0x0a, 0x20];

/** The scanner in plain TypeScript: what there is without WebAssembly, and what the other one is compared with. */
export function createTsScanner(plan: RowPlan): Scanner {
  const json = new JsonBytes();
  const rows = new RowBuffer();
  const contexts = new Contexts();
  const spans = new SpanReader(json, plan);
  const reader = new DocumentReader(json, spans, contexts, rows);

  /** Where the open document begins in the input, and its line. */
  let document = 0;
  let documentLine = 1;
  /** Its first row in this scan, and how many it had in earlier ones. */
  let firstRow = 0;
  let handedOut = 0;
  let broken = false;

  const beginDocument = (at: number) => {
    document = at;
    documentLine = json.line;
    firstRow = rows.count;
    handedOut = 0;
  };

  const stop = (why: ScanStop['why'], at: number): ScanStop => ({
    why,
    at,
    document,
    line: documentLine,
    handedOut,
    broken,
  });

  return {
    readsSpans: false,
    window(size) {
      if (json.bytes.length < size) {
        const larger = Buffer.alloc(size);
        larger.set(json.bytes);
        json.setBytes(larger);
      }
      return json.bytes;
    },

    begin(line) {
      reader.begin();
      json.line = line;
    },

    scan(from, end, offset, last) {
      handedOut += rows.count - firstRow;
      firstRow = 0;
      rows.count = 0;
      broken = false;
      json.end = end;
      let at = from;
      let { line } = json;
      try {
        for (;;) {
          if (reader.isBetween) beginDocument(at - from + offset);
          if (rows.isFull && reader.expectsSpan) return stop('full', at);
          at = reader.step(at);
          line = json.line;
          if (line > documentLine && !reader.isBetween) broken = true;
        }
      } catch (thrown) {
        json.line = line;
        if (thrown === MORE && !last) return stop('more', at);
        if (thrown === MORE && reader.finish(at)) {
          beginDocument(end - from + offset);
          return stop('more', end);
        }
        if (thrown !== MORE && thrown !== FOREIGN) throw thrown;
        rows.count = firstRow;
        json.line = documentLine;
        reader.begin();
        return stop('foreign', Math.max(from, document - offset + from));
      }
    },

    passIndented(from, end) {
      const { bytes } = json;
      let [at, lines] = [from, 0];
      for (;;) {
        const feed = bytes.indexOf(LINE_FEED, at);
        if (feed < 0 || feed >= end) return { at, lines };
        at = feed + 1;
        lines++;
        if (bytes[at] !== SPACE && bytes[at] !== TAB) return { at, lines };
      }
    },

    rows: () => rows,
    text: (number) => spans.text(number),
    slotsOf: (pattern) => spans.slotsOf(pattern),
    context: (number) => contexts.get(number),
  };
}
