import type { AgentKind, Forest, Resource } from '../../src/model/index.ts';
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
 * `=` is time of the span on the critical path, `~` such time that is uncertain, `-` other time, `!` a span without length, `>`
 * behind the last column a span still open; nothing drawn is a span without a time. In brackets: `error`, `ok`, `orphan`,
 * `producer`, `consumer`, `follows` (FOLLOWS_FROM), `parent N` (the span on the Nth line), `host NAME`.
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
  const after = (flag: string): string | undefined =>
    flags.includes(flag) ? flags[flags.indexOf(flag) + 1] : undefined;
  const line = after('parent');
  const host = after('host');
  return {
    id,
    ...(orphan
      ? { parent: 'dead' }
      : line !== undefined
        ? { parent: Number(line).toString(16) }
        : parent === undefined
          ? {}
          : { parent }),
    name,
    kind: kind as AgentKind,
    ...(from < 0 ? {} : { from, to: time.includes('>') ? undefined : to }),
    ...(flags.includes('error') ? { status: 'error' } : flags.includes('ok') ? { status: 'ok' } : {}),
    ...(flags.includes('producer') ? { spanKind: 'producer' } : {}),
    ...(flags.includes('consumer') ? { spanKind: 'consumer' } : {}),
    ...(flags.includes('follows') ? { followsFrom: true } : {}),
    ...(host === undefined ? {} : { resource: hostResource(host) }),
    ...(kind === 'llm' ? { text: { model: name } } : {}),
  };
}

const hosts = new Map<string, Resource>();

/** One object a host, as readers make them. */
export function hostResource(host: string): Resource {
  const resource = hosts.get(host) ?? { attributes: new Map([['host.name', host]]) };
  hosts.set(host, resource);
  return resource;
}

/** Milliseconds of a span, and what to draw there. */
export type Stretch = readonly [from: number, to: number, mark: '=' | '~'];

/** The drawing again with these stretches, by the span's id, and other lines below it. */
export function redraw(
  drawing: Drawing,
  critical: ReadonlyMap<string, readonly Stretch[]>,
  footer: readonly string[],
): string {
  const lines = drawing.lines.map(({ label, id, time }) => {
    const columns = [...time.replaceAll(/[=~]/g, '-')];
    for (const [from, to, mark] of critical.get(id) ?? []) columns.fill(mark, from, to);
    return `${label}|${columns.join('')}`;
  });
  return [...drawing.comment, ...lines, ...footer, ''].join('\n');
}

const splitAt = (line: string, at: number): [string, string] => [line.slice(0, at), line.slice(at + 1)];
