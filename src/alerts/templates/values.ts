/** A sample that `query` yields. */
export type QuerySample = { readonly labels: ReadonlyMap<string, string>; readonly value: number };

/** What the dot of a rule's template is. */
export class Root {
  readonly fields: ReadonlyMap<string, Value>;
  constructor(fields: ReadonlyMap<string, Value>) {
    this.fields = fields;
  }
}

/** What `toTime` yields: milliseconds since the epoch. */
export class Moment {
  readonly at: number;
  constructor(at: number) {
    this.at = at;
  }
}

/** What a function of Go would panic or fail with. */
export class TemplateFailure extends Error {
  override readonly name = 'TemplateFailure';
}

/**
 * A value of a template. A float is a `number` and an integer a `bigint`; undefined is nil or no value. A sample stands for a
 * pointer to one, a list for the result of a query, a map for labels or arguments.
 */
export type Value =
  | undefined
  | boolean
  | number
  | bigint
  | string
  | Root
  | Moment
  | QuerySample
  | readonly QuerySample[]
  | ReadonlyMap<string, Value>;

export function isSamples(value: Value): value is readonly QuerySample[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

export function isSample(value: Value): value is QuerySample {
  return typeof value === 'object' && 'labels' in value;
}

/** The type of a value as Go's messages call it. */
export function typeName(value: Value): string {
  if (value === undefined) return '<nil>';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (isSamples(value)) return 'template.queryResult';
  if (value instanceof Moment) return '*time.Time';
  if (value instanceof Root) {
    return 'struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value float64 }';
  }
  if (isMap(value)) {
    const isLabels = [...value.values()].every((one) => typeof one === 'string');
    return isLabels ? 'map[string]string' : 'map[string]interface {}';
  }
  return '*template.sample';
}

/** Whether `if` takes it for true. */
export function isTrue(value: Value): boolean {
  if (value === undefined) return false;
  if (isSamples(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  if (typeof value === 'object') return true;
  return Boolean(value) || Number.isNaN(value);
}
