import type { AgentKind, AttributeValue, Sign, Span } from '../model/index.ts';
import { compileCondition, type Test } from './conditions.ts';
import { FIELDS, type Field, type FieldSource } from './dialect.ts';
import { type Path, pathOf } from './json.ts';
import { byName } from './names.ts';
import { ASK, type Keys, type Slots } from './slots.ts';
import type { For, Part, Tables } from './tables.ts';
import { textOf } from './text.ts';
import { attributeSign, type Witness } from './witness.ts';

type FieldOf = (
  field: Field,
  kind: AgentKind,
  slots: Slots,
  span: Span,
  /** Sees each text in turn; undefined means look on. */
  accept?: (text: string) => string | undefined,
  witness?: Witness,
) => string | undefined;

/** The first text that a field's sources hold: the recognised dialect's sources, then the others' in their order. */
export function compileFields(tables: Tables): For<FieldOf> {
  const believed = FIELDS.map(
    (field) => [field, tables.part(sourcesIn((table) => table.fields?.[field], ASKED[field]))] as const,
  );

  return (dialect, shape) => {
    const sourcesOf = {} as Record<Field, readonly Source[]>;
    // What several dialects spell alike is looked at once.
    for (const [field, sources] of believed) sourcesOf[field] = [...new Set(sources(dialect, shape))];
    return (field, kind, slots, span, accept, witness) => {
      for (const source of sourcesOf[field]) {
        const text = read(source, kind, slots, span);
        if (text === undefined) continue;
        const accepted = accept === undefined ? text : accept(text);
        if (accepted === undefined) continue;
        witness?.field(field, signOf(source, text));
        return accepted;
      }
      return undefined;
    };
  };
}

/** A `FieldSource`, ready to be read. */
export type Source = {
  /** Undefined for a part of the span's name. */
  readonly slot: number | undefined;
  readonly key: string | undefined;
  readonly path: Path | undefined;
  readonly part: ((name: string) => string | undefined) | undefined;
  readonly kinds: readonly AgentKind[] | undefined;
  readonly root: boolean;
  readonly when: Test | undefined;
  /** Slots whose value the text must not repeat. */
  readonly unlike: readonly number[];
  readonly means: string | undefined;
  /** A slot whose value must not hold the text. */
  readonly within: number | undefined;
};

const PLAIN = {
  path: undefined,
  part: undefined,
  kinds: undefined,
  root: false,
  when: undefined,
  unlike: [],
  means: undefined,
  within: undefined,
};
const MODEL_KEYS = ['gen_ai.request.model', 'gen_ai.response.model'];

/** What is asked of the keys of some fields; of the others' values anything may depend on. */
const ASKED: Readonly<Partial<Record<Field, number>>> = {
  user: ASK.text,
  userFallback: ASK.text,
  customer: ASK.text,
  organization: ASK.text,
  workspace: ASK.text,
  session: ASK.text,
  workflow: ASK.text,
  workflowId: ASK.text,
  agent: ASK.text,
  agentId: ASK.text,
  responseId: ASK.answer,
  errorType: ASK.failed,
  errorMessage: ASK.failed,
};

/** Lists of sources; `ask`: what is asked of the value of a key that holds the text itself. */
export const sourcesIn = (
  listed: Part<FieldSource, Source>['listed'],
  ask: number = ASK.value,
): Part<FieldSource, Source> => ({
  listed,
  compile: (source, keys) => compileSource(source, keys, ask),
  needs: ({ slot }) => (slot === undefined ? undefined : [slot]),
});

function compileSource(source: FieldSource, keys: Keys, ask: number): Source {
  if (typeof source === 'string') return { ...PLAIN, slot: keys.slot(source, ask), key: source };
  if ('name' in source) {
    const { name, kinds, notModel } = source;
    return {
      ...PLAIN,
      slot: undefined,
      key: undefined,
      part: byName((text) => textOf(name.exec(text)?.[1])),
      kinds,
      unlike: notModel === true ? MODEL_KEYS.map((key) => keys.slot(key)) : [],
    };
  }
  return {
    ...PLAIN,
    slot: keys.slot(source.key, isPlain(source) ? ask : ASK.value),
    key: source.key,
    path: source.path === undefined ? undefined : pathOf(source.path),
    kinds: source.kinds,
    root: source.root === true,
    means: source.means,
    within: source.within === undefined ? undefined : keys.slot(source.within),
    when: source.when === undefined ? undefined : compileCondition(source.when, keys),
  };
}

/** The value itself is the text, whatever it is. */
function isPlain({ path, means, within }: Extract<FieldSource, { readonly key: string }>): boolean {
  return path === undefined && means === undefined && within === undefined;
}

/** `told` makes a text of a value: yes and no are none, unless it says otherwise. */
export function read(
  source: Source,
  kind: AgentKind,
  slots: Slots,
  span: Span,
  told: (value: AttributeValue | undefined) => string | undefined = textOf,
): string | undefined {
  const { slot, path, kinds, when } = source;
  if (kinds !== undefined && !kinds.includes(kind)) return undefined;
  if (source.root && span.parentSpanId !== undefined) return undefined;
  if (when !== undefined && !when.holds(slots)) return undefined;
  if (slot !== undefined) {
    const text = told(path === undefined ? slots.values[slot] : slots.at(slot, path));
    if (text === undefined) return undefined;
    if (source.within !== undefined && holds(slots.values[source.within], text)) return undefined;
    return source.means ?? text;
  }
  const text = source.part?.(span.name);
  return source.unlike.some((other) => slots.values[other] === text) ? undefined : text;
}

export function signOf({ key, path }: Source, text: string): Sign {
  return key === undefined ? { at: 'name', value: text } : attributeSign(key, path?.whole, text);
}

/** Whether a name is another one, only longer: `gpt-4o-2024-08-06` holds `openai/gpt-4o`. */
function holds(value: AttributeValue | undefined, name: string): boolean {
  return textOf(value)?.includes(name.slice(name.lastIndexOf('/') + 1)) === true;
}
