import { setSeed } from './bytes.ts';
import { bytesOf, lengthOf } from './byte-strings.ts';
import { newContexts } from './contexts.ts';
import { newFlatSpans } from './flat-span.ts';
import { behindIndented, indentedLines } from './indented.ts';
import { newLabels } from './labels.ts';
import { newLeads } from './leads.ts';
import { nameNodeSpan } from './node-span.ts';
import { newOwners } from './owners.ts';
import { listSlots, newPatterns, slotList } from './patterns.ts';
import { addBlank, addEvent, addKey, newPlan } from './plan.ts';
import { namePythonSpan } from './python-span.ts';
import { newRecords } from './records.ts';
import { newRows, rowCount, rows } from './rows.ts';
import { begin, broken, documentAt, documentLine, ended, handedOut, scan, stoppedAt } from './scan.ts';
import { nameSpan } from './span.ts';
import { newSlotValues, texts } from './slot-values.ts';
import { nameStatus } from './status.ts';
import { WINDOW_LIMIT, windowFor } from './window.ts';
import { newWireContexts } from './wire-contexts.ts';
import { beginRequest, scanRequest } from './wire-request.ts';

/*
 * The scanner of `input/scan/scanner.ts`, for bytes that lie in the memory of this module. `input/wasm-scanner.ts` is its host:
 * it calls `beginPlan`, adds what is in the plan, calls `finishPlan`, and then puts bytes into the window and has them scanned.
 */
export { addBlank, addEvent, addKey, listSlots, slotList, rowCount, rows };
export { begin, broken, documentAt, documentLine, ended, handedOut, scan, stoppedAt, WINDOW_LIMIT, windowFor };
export { behindIndented, indentedLines };
/** Of the same spans in protobuf; `input/wire/wasm-wire.ts` is the host of those. */
export { beginRequest, scanRequest };

/** An empty plan with room for so many keys. */
export function beginPlan(keyCount: u32, seed: u64): void {
  setSeed(seed);
  newPlan(keyCount);
  newContexts();
  newLabels();
  newLeads();
  newOwners();
  newRows();
  newWireContexts();
  newRecords();
  nameSpan();
  nameStatus();
  newFlatSpans();
  namePythonSpan();
  nameNodeSpan();
}

/** Nothing is added to the plan any more. */
export function finishPlan(): void {
  newSlotValues();
  newPatterns();
}

export function textAt(text: u32): usize {
  return bytesOf(texts, text);
}

export function textLength(text: u32): usize {
  return lengthOf(texts, text);
}
