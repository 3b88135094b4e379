import {
  type AttributeValue,
  type Correction,
  FLAG,
  type Forest,
  NANOS_PER_MILLI,
  type Selection,
  type Shift,
  type Skew,
} from '../model/index.ts';
import { isHandedOver } from './timing.ts';

/** Clocks that differ by more than a day, the largest difference of time zones included, are wrong in another way. */
const LARGEST = 24 * 3600 * 1e9;
const LATEST = 2 ** 32 * 1e9;

/**
 * What has to be added to the times of spans so that children lie inside their parents where these ran on other clocks, by the
 * rules of Jaeger's adjuster (jaegertracing/jaeger, clockskew.go): from the top down, a child that is longer than its parent
 * is moved to its start if it began before it; one that lies outside, or partly, is centred, as if both ways took equally long;
 * everything below on the same clock moves along. A message is only kept from being taken before it was sent.
 *
 *     |-------- parent, host a --------|
 *                                   |---- child, host b ----|
 *         |---- child, moved ----|
 *
 * Unlike there: a clock tick outside is inside, and what is below a span on an unknown clock first moves along with it.
 */
export function findSkew(forest: Forest): Skew {
  const { table, row, parent, length } = forest;
  const clocks = clocksOf(forest);
  const moved = new Float64Array(length);
  const cause = new Int32Array(length).fill(-1);
  const found: { readonly position: number; readonly host: string; readonly nanos: number; spans: number }[] =
    [];
  const refused: Correction[] = [];
  const move = (position: number, nanos: number, because: number): void => {
    if (nanos === 0 || !fits(forest, position, nanos)) return;
    moved[position] = nanos;
    cause[position] = because;
    if (isTimed(forest, position)) found[because]!.spans++;
  };
  for (let p = 0; p < length; p++) {
    const above = parent[p]!;
    if (above < 0) continue;
    const clock = clocks[table.resourceIdOf(row[p]!)];
    const along = moved[above]!;
    if (clock !== undefined && clock === clocks[table.resourceIdOf(row[above]!)]) {
      move(p, along, cause[above]!);
      continue;
    }
    if (clock === undefined && along !== 0 && correction(forest, above, along, p, along) === 0) {
      move(p, along, cause[above]!);
      continue;
    }
    const nanos = correction(forest, above, along, p, 0);
    if (nanos === 0) continue;
    const host = clock?.name ?? 'an unknown host';
    if (Math.abs(nanos) > LARGEST || !fits(forest, p, nanos)) {
      refused.push({ row: row[p]!, host, nanos, spans: 0 });
      continue;
    }
    move(p, nanos, found.push({ position: p, host, nanos, spans: 0 }) - 1);
  }
  const shifts = new Map<number, Shift>();
  for (let p = 0; p < length; p++) {
    if (cause[p]! < 0 || !isTimed(forest, p)) continue;
    const shift = { nanos: moved[p]!, host: found[cause[p]!]!.host };
    shifts.set(row[p]!, shift);
    for (const report of forest.repeats.get(p) ?? []) shifts.set(report, shift);
  }
  const corrections = found.map(({ position, ...one }) => ({ ...one, row: row[position]! }));
  return { shifts, corrections, refused };
}

/** Moves the rows of the table; whether there are any. What was assembled of it before no longer holds. */
export function applySkew({ table }: Forest, { shifts }: Skew): boolean {
  for (const [row, { nanos }] of shifts) table.moveStart(row, nanos);
  return shifts.size > 0;
}

/** How many spans begin before or after a parent that ran on another clock: what `--fix-skew` is for. */
export function countSkewed(forest: Forest, selected: Selection | undefined): number {
  const { table, row, parent, length } = forest;
  const clocks = clocksOf(forest);
  let count = 0;
  for (let p = 0; p < length; p++) {
    const above = parent[p]!;
    if (above < 0 || (selected !== undefined && !selected(p))) continue;
    const clock = clocks[table.resourceIdOf(row[p]!)];
    const other = clocks[table.resourceIdOf(row[above]!)];
    if (clock === other || clock === undefined || other === undefined) continue;
    const [start, from] = [forest.offset(p), forest.offset(above)];
    if (start === undefined || from === undefined || isHandedOver(forest, above, p)) continue;
    const isAfter = table.has(row[above]!, FLAG.hasEnd) && start > from + forest.duration(above);
    if (isAfter || start < from - NANOS_PER_MILLI) count++;
  }
  return count;
}

/** The last two as Jaeger's clients have it. */
const HOST_KEYS = ['host.id', 'host.ip', 'host.name', 'k8s.node.name', 'hostname', 'ip'] as const;
const PROCESS_KEYS = ['service.namespace', 'service.name', 'service.instance.id', 'process.pid'] as const;

type Clock = { readonly name: string };

/**
 * The clocks that the spans of resources were timed by, by their numbers: those of hosts. Where none is told, one process has
 * one clock; a resource that tells of neither may be of any. One object a clock.
 */
function clocksOf({ table }: Forest): (Clock | undefined)[] {
  const known = new Map<string, Clock>();
  return table.profiles.resources.map(({ attributes }) => {
    const texts = (keys: readonly string[]): (string | undefined)[] =>
      keys.map((key) => textOf(attributes.get(key)));
    const host = texts(HOST_KEYS).find((text) => text !== undefined);
    const process = texts(PROCESS_KEYS);
    const name = host ?? process[1] ?? process.find((text) => text !== undefined);
    if (name === undefined) return undefined;
    const key = host ?? JSON.stringify(process);
    const clock = known.get(key) ?? { name };
    known.set(key, clock);
    return clock;
  });
}

/** Of several, as `host.ip` has, the first. */
function textOf(value: AttributeValue | undefined): string | undefined {
  const first: AttributeValue | undefined = Array.isArray(value) ? value[0] : value;
  return (typeof first === 'string' && first !== '') || typeof first === 'number' ? String(first) : undefined;
}

/** What would bring the child, already moved by `by`, into its parent, already moved by `along`. */
function correction(forest: Forest, parent: number, along: number, child: number, by: number): number {
  const { table, row } = forest;
  const [from, start] = [forest.offset(parent), forest.offset(child)];
  if (from === undefined || start === undefined) return 0;
  const [parentStart, childStart] = [from + along, start + by];
  const [parentLength, childLength] = [forest.duration(parent), forest.duration(child)];
  const early = parentStart - childStart;
  const late = childStart + childLength - (parentStart + parentLength);
  const tick = [from, start, parentLength, childLength].every((time) => time % NANOS_PER_MILLI === 0)
    ? NANOS_PER_MILLI
    : 1000;
  const isOpen = !table.has(row[parent]!, FLAG.hasEnd) || !table.has(row[child]!, FLAG.hasEnd);
  if (isOpen || childLength > parentLength || isHandedOver(forest, parent, child))
    return early > tick ? early : 0;
  if (early <= tick && late <= tick) return 0;
  return early + Math.floor((parentLength - childLength) / 2);
}

const isTimed = ({ table, row }: Forest, position: number): boolean =>
  table.has(row[position]!, FLAG.hasStart);

/** No time before 1970 or after 2106. */
function fits(forest: Forest, position: number, nanos: number): boolean {
  const row = forest.row[position]!;
  const start = forest.table.startSecondOf(row) * 1e9 + nanos;
  return start >= 0 && start < LATEST;
}
