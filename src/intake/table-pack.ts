import {
  chunkOf,
  NumberColumn,
  placeInChunk,
  type Resource,
  SPAN_WORD,
  SPAN_WORDS,
  type SpanTable,
} from '../model/index.ts';

/** All that is in a table of spans, as data that one thread can hand to another: most of it is the memory of its columns. */
export type TablePack = {
  readonly length: number;
  readonly rows: readonly Uint32Array[];
  readonly parents: readonly Uint32Array[];
  /** All texts, in the order of their numbers: UTF-16, and how many units each has. */
  readonly strings: { readonly units: Uint8Array; readonly lengths: Uint32Array };
  readonly traces: ReturnType<SpanTable['traces']['pack']>;
  readonly oddIds: readonly string[];
  readonly profiles: Uint32Array;
  readonly resources: readonly Resource[];
  readonly texts: ReturnType<SpanTable['texts']['pack']>;
  readonly calls: ReturnType<SpanTable['calls']['pack']>;
  readonly errors: ReturnType<SpanTable['errors']['pack']>;
  readonly observations: ReturnType<SpanTable['observations']['pack']>;
  readonly extra: readonly (readonly [key: string, texts: NumberColumn['chunks']])[];
};

/** UTF-16, so that nothing is lost that a string may have. */
const ENCODING = 'utf16le';

/** Takes a table apart that nobody needs any more. */
export function packTable(table: SpanTable): TablePack {
  const { traces, profiles, texts, calls, errors, observations } = table;
  return {
    length: table.length,
    rows: table.rows.chunks,
    parents: table.parents.chunks,
    strings: packStrings(table),
    traces: traces.pack(),
    oddIds: table.oddIds(),
    profiles: profiles.pack(),
    resources: profiles.resources,
    texts: texts.pack(),
    calls: calls.pack(),
    errors: errors.pack(),
    observations: observations.pack(),
    extra: [...table.extra].map(([key, { chunks }]) => [key, chunks]),
  };
}

function packStrings({ strings }: SpanTable): TablePack['strings'] {
  const lengths = new Uint32Array(strings.size - 1);
  const texts: string[] = [];
  for (let i = 0; i < lengths.length; i++) {
    texts.push(strings.text(i + 1)!);
    lengths[i] = texts[i]!.length;
  }
  const text = texts.join('');
  const units = Buffer.alloc(2 * text.length);
  units.write(text, ENCODING);
  return { units, lengths };
}

/**
 * Adds the rows of another table behind those of this one. It says the same then as if all spans had been added to it one by
 * one. Resources of equal content are to be one object: `resources` are those of the other table, as they are known here.
 */
export function absorbTable(table: SpanTable, pack: TablePack, resources: readonly Resource[]): void {
  const by = table.length;
  const texts = textsIn(table, pack.strings);
  table.keepIds(pack.oddIds);
  const traces = table.traces.absorb(pack.traces, by);
  const profiles = table.profiles.absorb(pack.profiles, texts, resources);
  addRows(table, pack, traces, profiles);
  table.texts.absorb(pack.texts, by, texts);
  table.calls.absorb(pack.calls, by, texts);
  table.errors.absorb(pack.errors, by, texts);
  table.observations.absorb(pack.observations, by, texts);
  for (const [key, chunks] of pack.extra) {
    const column = table.extra.get(key) ?? new NumberColumn();
    table.extra.set(key, column);
    column.append(by, pack.length, chunks, texts);
  }
}

/** The numbers here of the texts of another table; 0 is none in both. */
function textsIn({ strings }: SpanTable, { units, lengths }: TablePack['strings']): Uint32Array {
  const text = Buffer.from(units.buffer, units.byteOffset, units.length);
  const numbers = new Uint32Array(lengths.length + 1);
  let at = 0;
  for (let i = 0; i < lengths.length; i++) {
    const end = at + 2 * lengths[i]!;
    numbers[i + 1] = strings.id(text.toString(ENCODING, at, end));
    at = end;
  }
  return numbers;
}

/** Run by run, each within one chunk here and there. */
function addRows(table: SpanTable, pack: TablePack, traces: Uint32Array, profiles: Uint32Array): void {
  for (let row = 0; row < pack.length; ) {
    const { length } = table;
    const words = table.rows.room(length);
    const parents = table.parents.room(length);
    const [place, to] = [placeInChunk(row), placeInChunk(length)];
    const from = pack.rows[chunkOf(row)]!;
    const there = from.length / SPAN_WORDS - place;
    const here = Math.min(words.length / SPAN_WORDS, parents.length / 2) - to;
    const count = Math.min(pack.length - row, there, here);
    words.set(from.subarray(place * SPAN_WORDS, (place + count) * SPAN_WORDS), to * SPAN_WORDS);
    parents.set(pack.parents[chunkOf(row)]!.subarray(2 * place, 2 * (place + count)), 2 * to);
    for (let at = to * SPAN_WORDS; at < (to + count) * SPAN_WORDS; at += SPAN_WORDS) {
      words[at + SPAN_WORD.trace] = traces[words[at + SPAN_WORD.trace]!]!;
      words[at + SPAN_WORD.profile] = profiles[words[at + SPAN_WORD.profile]!]!;
    }
    table.length += count;
    row += count;
  }
}
