import type { AgentKind, Span } from '../model/index.ts';
import { type Dialect, FIELDS, type Field, type FieldSource } from './dialect.ts';
import { byName } from './names.ts';
import { ownFirst } from './order.ts';
import { compileCondition, type Keys, type Path, pathOf, type Slots, type Test } from './slots.ts';
import { textOf } from './text.ts';

type FieldOf = (
  field: Field,
  dialect: number,
  kind: AgentKind,
  slots: Slots,
  span: Span,
  /** Sees each text in turn; undefined means look on. */
  accept?: (text: string) => string | undefined,
) => string | undefined;

/** The first text that a field's sources hold: the recognised dialect's sources, then the others' in their order. */
export function compileFields(dialects: readonly Dialect[], keys: Keys): FieldOf {
  const compiled = new Map<FieldSource, Source>();
  for (const { fields } of dialects) {
    for (const sources of Object.values(fields ?? {})) {
      for (const source of sources) {
        if (!compiled.has(source)) compiled.set(source, compileSource(source, keys));
      }
    }
  }

  const plans = ownFirst(dialects, (order, own) => {
    const plan = {} as Record<Field, readonly Source[]>;
    for (const field of FIELDS) {
      const sources = order.flatMap((dialect) =>
        (dialect.fields?.[field] ?? [])
          .filter((source) => typeof source === 'string' || source.own === undefined || dialect === own)
          .map((source) => compiled.get(source)!),
      );
      plan[field] = [...new Set(sources)];
    }
    return plan;
  });

  return (field, dialect, kind, slots, span, accept) => {
    for (const source of plans(dialect)[field]) {
      if (source.slot >= 0 && !slots.has(source.slot)) continue;
      const text = read(source, kind, slots, span);
      if (text === undefined) continue;
      const accepted = accept === undefined ? text : accept(text);
      if (accepted !== undefined) return accepted;
    }
    return undefined;
  };
}

type Source = {
  /** -1 for a part of the span's name. */
  readonly slot: number;
  readonly path: Path | undefined;
  readonly part: ((name: string) => string | undefined) | undefined;
  readonly kinds: readonly AgentKind[] | undefined;
  readonly root: boolean;
  readonly when: Test | undefined;
  readonly notModel: readonly number[] | undefined;
};

function compileSource(source: FieldSource, keys: Keys): Source {
  const plain = { path: undefined, part: undefined, kinds: undefined, root: false, when: undefined };
  if (typeof source === 'string') return { ...plain, slot: keys.slot(source), notModel: undefined };
  if ('name' in source) {
    const { name } = source;
    return {
      ...plain,
      slot: -1,
      part: byName((text) => textOf(name.exec(text)?.[1])),
      kinds: source.kinds,
      notModel: source.notModel === undefined ? undefined : MODEL_KEYS.map((key) => keys.slot(key)),
    };
  }
  return {
    slot: keys.slot(source.key),
    path: source.path === undefined ? undefined : pathOf(source.path),
    part: undefined,
    kinds: source.kinds,
    root: source.root === true,
    when: source.when === undefined ? undefined : compileCondition(source.when, keys),
    notModel: undefined,
  };
}

const MODEL_KEYS = ['gen_ai.request.model', 'gen_ai.response.model'];

function read(source: Source, kind: AgentKind, slots: Slots, span: Span): string | undefined {
  if (source.kinds !== undefined && !source.kinds.includes(kind)) return undefined;
  if (source.part !== undefined) {
    const text = source.part(span.name);
    const repeats = source.notModel?.some((slot) => slots.values[slot] === text) ?? false;
    return repeats ? undefined : text;
  }
  if (source.root && span.parentSpanId !== undefined) return undefined;
  if (source.when !== undefined && !source.when(slots)) return undefined;
  return textOf(source.path === undefined ? slots.values[source.slot] : slots.at(source.slot, source.path));
}
