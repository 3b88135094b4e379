import type { AgentSpan, ObservedNumber, ObservedText, RowUse, Sign, Span } from '../../model/index.ts';
import type { Field } from '../dialect.ts';
import { SOURCES } from '../explain.ts';
import type { Normalizer } from '../normalizer.ts';
import type { Reading } from '../usage.ts';
import type { AmountSeen, FamilyCounts, ObservedSeen } from '../witness.ts';

/** What decided what a span means, as far as rows may have values for it. */
export type Heard = {
  readonly fields: ReadonlyMap<Field, Sign>;
  readonly usage: { readonly chosen: Reading; readonly families: readonly FamilyCounts[] } | undefined;
  readonly costs: readonly AmountSeen[];
  /** In the order in which they were looked at. */
  readonly observed: ReadonlyMap<ObservedNumber | ObservedText, readonly ObservedSeen[]>;
};

/** Which value of the row a key of that use has; undefined where it has none: all spans of the pattern have the same. */
export type PlaceOf = (key: string, use: RowUse) => number | undefined;

/** Lets a span be understood, and listens to what decides. */
export function listen(
  { normalize }: Pick<Normalizer, 'normalize'>,
  span: Span,
): { readonly agent: AgentSpan; readonly heard: Heard } {
  const fields = new Map<Field, Sign>();
  let usage: Heard['usage'];
  let costs: Heard['costs'] = [];
  const observed = new Map<ObservedNumber | ObservedText, ObservedSeen[]>();
  const agent = normalize(span, {
    dialect: shared,
    kind: shared,
    field: (field, sign) => fields.set(field, sign),
    failure: shared,
    attempt: shared,
    usage: (chosen, families) => {
      usage = { chosen, families };
    },
    costs: (seen) => {
      costs = seen;
    },
    observed: (name, seen) => {
      const known = observed.get(name);
      if (known === undefined) observed.set(name, [seen]);
      else known.push(seen);
    },
  });
  return { agent, heard: { fields, usage, costs, observed } };
}

/** What spans of a pattern share decides it. */
const shared = (): void => undefined;

/** Which value of the row a text of the span is; undefined where something decides it that spans of the pattern share. */
export function placeOfText(name: string, { fields }: Heard, placeOf: PlaceOf): number | undefined {
  const field = (SOURCES[name] ?? [name as Field]).find((one) => fields.has(one));
  const { key, path } = (field === undefined ? undefined : fields.get(field)) ?? {};
  return key === undefined || path !== undefined ? undefined : placeOf(key, 'text');
}
