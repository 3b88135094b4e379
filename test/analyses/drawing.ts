import type { AgentKind, Forest } from '../../src/model/index.ts';
import { AGENT_KINDS } from '../../src/model/index.ts';
import { assemble } from '../../src/trace/index.ts';
import { type Sketch, tableOf } from '../trace/table.ts';

/**
 * A trace drawn in text: a line a span, children indented by two, one column a millisecond.
 *
 *     # what is special about it
 *     agent run            |==-----==
 *       tool a             |  ===
 *       tool b (error)     |     ==
 *     bottleneck: agent run 4 of 9, without it 5
 *
 * `=` is time of the span on the critical path, `-` other time, `!` a span without length, `>` behind the last column a
 * span still open; nothing drawn is a span without a time. In brackets: `error`, `ok`, `orphan`, `producer`, `consumer`.
 */
export type Drawing = {
  readonly comment: readonly string[];
  readonly sketches: readonly Sketch[];
  readonly lines: readonly DrawnLine[];
  readonly footer: readonly string[];
};

type DrawnLine = { readonly label: string; readonly id: string; readonly time: string };

export function parseDrawing(text: string): Drawing {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const comment = lines.filter((line) => line.startsWith('#'));
  const drawn = lines.filter((line) => line.includes('|'));
  const sketches: Sketch[] = [];
  const above: string[] = [];
  const result = drawn.map((line, i): DrawnLine => {
    const [label, time] = splitAt(line, line.indexOf('|'));
    const id = (i + 1).toString(16);
    const depth = (label.length - label.trimStart().length) / 2;
    above[depth] = id;
    sketches.push(sketchOf(label.trim(), time, id, depth === 0 ? undefined : above[depth - 1]!));
    return { label, id, time };
  });
  const footer = lines.filter((line) => !line.startsWith('#') && !line.includes('|'));
  return { comment, sketches, lines: result, footer };
}

export const forestOf = (drawing: Drawing): Forest => assemble(tableOf(drawing.sketches));

function sketchOf(label: string, time: string, id: string, parent: string | undefined): Sketch {
  const flags = /\(([^)]*)\)$/.exec(label)?.[1]?.split(' ') ?? [];
  const [kind, ...words] = label.replace(/\s*\([^)]*\)$/, '').split(' ');
  if (!AGENT_KINDS.includes(kind as AgentKind)) throw new Error(`no kind: ${label}`);
  const name = words.join(' ');
  const from = time.search(/\S/);
  const to = time.includes('!') ? from : time.trimEnd().length;
  const orphan = flags.includes('orphan');
  return {
    id,
    ...(orphan ? { parent: 'dead' } : parent === undefined ? {} : { parent }),
    name,
    kind: kind as AgentKind,
    ...(from < 0 ? {} : { from, to: time.includes('>') ? undefined : to }),
    ...(flags.includes('error') ? { status: 'error' } : flags.includes('ok') ? { status: 'ok' } : {}),
    ...(flags.includes('producer') ? { spanKind: 'producer' } : {}),
    ...(flags.includes('consumer') ? { spanKind: 'consumer' } : {}),
    ...(kind === 'llm' ? { text: { model: name } } : {}),
  };
}

/** The drawing again, with `=` where `critical` says so (milliseconds of the span, by its id). */
export function redraw(
  drawing: Drawing,
  critical: ReadonlyMap<string, readonly (readonly [number, number])[]>,
): string {
  const lines = drawing.lines.map(({ label, id, time }) => {
    const columns = [...time.replaceAll('=', '-')];
    for (const [from, to] of critical.get(id) ?? []) columns.fill('=', from, to);
    return `${label}|${columns.join('')}`;
  });
  return [...drawing.comment, ...lines, ...drawing.footer, ''].join('\n');
}

const splitAt = (line: string, at: number): [string, string] => [line.slice(0, at), line.slice(at + 1)];
