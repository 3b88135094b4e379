import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Seconds since the epoch; a multiple of every interval that tests use. */
export const T0 = Date.UTC(2026, 1, 3, 9) / 1000;

export type ToolSpan = { readonly end: number; readonly ok?: boolean; readonly tool?: string };

/** Spans of tools, a trace each; `end` is in seconds after `T0`, each takes a second. */
export function dumpOf(spans: readonly ToolSpan[]): string {
  return spans
    .map(({ end, ok = false, tool = 'search' }, index) => {
      const nanos = (seconds: number): string =>
        String(BigInt(Math.round((T0 + seconds) * 1000)) * 1_000_000n);
      const span = {
        traceId: (index + 1).toString(16).padStart(32, '0'),
        spanId: (index + 1).toString(16).padStart(16, '0'),
        name: `execute_tool ${tool}`,
        startTimeUnixNano: nanos(end - 1),
        endTimeUnixNano: nanos(end),
        status: { code: ok ? 1 : 2 },
        attributes: [
          { key: 'gen_ai.operation.name', value: { stringValue: 'execute_tool' } },
          { key: 'gen_ai.tool.name', value: { stringValue: tool } },
        ],
      };
      return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] });
    })
    .join('\n');
}

/** A folder of its own with these files. */
export function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}
