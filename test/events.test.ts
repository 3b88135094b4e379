import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ask } from './answer.ts';

// fixtures/events/<case>.jsonl holds log records, some beside spans; <case>.expected.json what becomes of them: the input as
// it is counted, the trees with what every span costs and why, and the total. UPDATE_FIXTURES=1 writes down what is found,
// to be looked at before it is believed.
const UPDATE = process.env['UPDATE_FIXTURES'] !== undefined;

const folder = fileURLToPath(new URL('../fixtures/events', import.meta.url));
const cases = readdirSync(folder).filter((file) => file.endsWith('.jsonl'));

type Node = {
  readonly kind: string;
  readonly name: string;
  readonly start: string | null;
  readonly duration_ms: number | null;
  readonly status: string;
  readonly error: { readonly type: string | null; readonly message: string | null } | null;
  readonly tool: string | null;
  readonly cost_usd: string | null;
  readonly cost_status: string;
  readonly logs: readonly { readonly body: string }[];
  readonly children: readonly Node[];
};

async function found(input: string): Promise<object> {
  const shown = await ask(['trace', 'show', '--pick', 'all', '--no-fold', '--logs', input]);
  const spent = await ask(['cost', '--by', 'session,user', input]);
  const { sources, spans, logs, roots, orphans, errors, skipped } = shown.input;
  const [source] = sources;
  return {
    input: {
      spans,
      logs,
      roots,
      orphans,
      errors,
      skipped: skipped.map(({ reason, count }) => `${count} ${reason}`),
    },
    source: { spans: source!.spans, logs: source!.logs, skipped: source!.skipped },
    traces: shown.traces.map(({ trace_id, roots }) => ({
      trace_id,
      spans: (roots as unknown as readonly Node[]).flatMap((root) => linesOf(root, 0)),
    })),
    cost: {
      rows: spent.rows.map(({ key, calls, cost_usd }) => ({ ...key, calls, cost_usd })),
      total: spent.total,
      excluded: spent.excluded,
    },
  };
}

/** A line a span: what it is, when it began in its minute, how long it took, what it cost; below it what is in it. */
function linesOf(node: Node, depth: number): string[] {
  const failed = node.error === null ? '' : `, failed: ${node.error.type}: ${node.error.message}`;
  const tool = node.tool === null ? '' : ` (tool ${node.tool})`;
  const when = `at ${node.start?.slice(17)} for ${node.duration_ms} ms`;
  return [
    `${'  '.repeat(depth)}${node.kind} ${node.name}${tool} ${when}, ${node.cost_usd ?? 'unknown'} ${node.cost_status}${failed}`,
    ...node.logs.map(({ body }) => `${'  '.repeat(depth + 1)}log ${body}`),
    ...node.children.flatMap((child) => linesOf(child, depth + 1)),
  ];
}

describe.each(cases)('%s', (file) => {
  const input = join(folder, file);
  const expected = input.replace(/\.jsonl$/, '.expected.json');

  it('becomes what is expected', async () => {
    const answer = await found(input);
    if (UPDATE) writeFileSync(expected, `${JSON.stringify(answer, null, 2)}\n`);
    expect(answer).toEqual(JSON.parse(readFileSync(expected, 'utf8')));
  });
});
