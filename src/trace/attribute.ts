import {
  type Attributed,
  type Attribution,
  type Forest,
  type Resource,
  traceAt,
  traceByTrace,
} from '../model/index.ts';

/** Resource attributes that name whom a process worked for, first hit first. */
export type ResourceIdentity = Readonly<
  Record<'user' | 'organization' | 'workspace' | 'session' | 'workflow', readonly string[]>
>;

/**
 * Gives every span the user, session, workflow, … it worked for: its own value, else its nearest ancestor's, else (for all
 * but agent and tool) the only value in its trace, else its resource's, else 0. Usage and cost are never inherited.
 */
export function attribute(forest: Forest, resourceIdentity: ResourceIdentity): Attribution {
  const of = (field: Attributed): Attribution[Attributed] => attributed(forest, field, resourceIdentity);
  return {
    user: of('user'),
    organization: of('organization'),
    workspace: of('workspace'),
    session: of('session'),
    workflow: of('workflow'),
    agent: of('agent'),
    tool: of('tool'),
  };
}

/** Where an attribution comes from: the span that says it (the first one of its trace), or a key of the resource. */
export type Origin =
  | { readonly from: 'own' | 'ancestor' | 'trace'; readonly at: number }
  | { readonly from: 'resource'; readonly key: string };

/** How `attribute` came to the value of one position; undefined where it found none. */
export function originOf(
  forest: Forest,
  resourceIdentity: ResourceIdentity,
  field: Attributed,
  position: number,
): Origin | undefined {
  const trace = traceAt(forest, position);
  const [from, to] = [forest.traceFrom[trace]!, forest.traceFrom[trace + 1]!];
  const values = new Int32Array(to - from);
  const own = new Int32Array(to - from);
  const only = inherit(forest, ownValues(forest, field, resourceIdentity)(from, to), values, from, to, own);
  for (let p = position; p >= 0; p = forest.parent[p]!) {
    if (own[p - from] !== 0) return { from: p === position ? 'own' : 'ancestor', at: p };
  }
  if (!isShared(field)) return undefined;
  if (only !== 0) return { from: 'trace', at: from + own.findIndex((id) => id !== 0) };
  const found = resourceValue(forest.table.resourceOf(forest.row[position]!), resourceIdentity[field]);
  return found && { from: 'resource', key: found.key };
}

function attributed(
  forest: Forest,
  field: Attributed,
  resourceIdentity: ResourceIdentity,
): Attribution[Attributed] {
  /** By trace, where all of its spans have the same, as most do; else `SEVERAL`, and it stands in `bySpan`. */
  let byTrace: Int32Array | undefined;
  let bySpan: Int32Array | undefined;
  let ofResources: readonly number[] = [];
  let values = new Int32Array(0);
  const ownOf = ownValues(forest, field, resourceIdentity);
  const see = traceByTrace(forest, (from, to, trace) => {
    const length = to - from;
    if (values.length < length) values = new Int32Array(Math.max(length, 2 * values.length));
    const said = inherit(forest, ownOf(from, to), values, from, to);
    const only = isShared(field) ? said : 0;
    if (only !== 0 || ofResources.length > 0) {
      for (let i = 0; i < length; i++) {
        if (values[i] !== 0) continue;
        values[i] = only !== 0 ? only : (ofResources[forest.table.resourceIdOf(forest.row[from + i]!)] ?? 0);
      }
    }
    const isSame = areSame(values, length);
    byTrace![trace] = isSame ? values[0]! : SEVERAL;
    if (isSame) return;
    bySpan ??= new Int32Array(forest.length);
    bySpan.set(values.subarray(0, length), from);
  });
  return (position) => {
    if (byTrace === undefined) {
      byTrace = new Int32Array(forest.traces);
      if (isShared(field)) ofResources = resourceIds(forest, resourceIdentity[field]);
    }
    const value = byTrace[see(position)]!;
    return value === SEVERAL ? bySpan![position]! : value;
  };
}

const SEVERAL = -1;

function areSame(values: Int32Array, length: number): boolean {
  for (let i = 1; i < length; i++) if (values[i] !== values[0]) return false;
  return true;
}

/** Fields that one span of a trace, or the process, can say for all of it. */
const isShared = (field: Attributed): field is keyof ResourceIdentity =>
  field !== 'agent' && field !== 'tool';

/** What the span in a row says of itself, 0 where it is silent; `above` is what it would inherit. */
type Own = (row: number, above: number) => number;

/**
 * Writes the value of every span of the trace `[from, to)`, its own or else its nearest ancestor's, to `values`: positions
 * are in pre-order, so parents are done before children. Returns the only value that spans of the trace say of themselves,
 * 0 where there is none or more than one.
 */
function inherit(
  forest: Forest,
  ownOf: Own,
  values: Int32Array,
  from: number,
  to: number,
  own?: Int32Array,
): number {
  const { row, parent } = forest;
  let only = 0;
  let several = false;
  for (let p = from; p < to; p++) {
    const up = parent[p]!;
    const above = up < 0 ? 0 : values[up - from]!;
    const said = ownOf(row[p]!, above);
    values[p - from] = said === 0 ? above : said;
    if (own !== undefined) own[p - from] = said;
    if (said === 0 || said === only) continue;
    several ||= only !== 0;
    only = said;
  }
  return several ? 0 : only;
}

/** How the spans of the trace `[from, to)` say it. */
function ownValues(
  forest: Forest,
  field: Attributed,
  resourceIdentity: ResourceIdentity,
): (from: number, to: number) => Own {
  const { table } = forest;
  const { texts, profiles } = table;
  if (field === 'user') {
    const user: Own = (row) => texts.of('user', row);
    const customer: Own = (row) => texts.of('customer', row);
    return (from, to) => (isServed(forest, resourceIdentity.user, from, to) ? customer : user);
  }
  const own = ((): Own => {
    switch (field) {
      // A workflow attribute, else the name of the outermost span of kind workflow.
      case 'workflow':
        return (row, above) => {
          const said = texts.of('workflow', row);
          if (said !== 0 || above !== 0 || table.kindOf(row) !== 'workflow') return said;
          return profiles.nameIdOf(table.profileOf(row));
        };
      // A tool's name, else the span name of a tool span without one. Spans of other kinds name no tool of their own.
      case 'tool':
        return (row) => {
          if (table.kindOf(row) !== 'tool') return 0;
          return table.textIdOf('tool', row) || profiles.nameIdOf(table.profileOf(row));
        };
      default:
        return (row) => texts.of(field, row);
    }
  })();
  return () => own;
}

/** Names nobody in the trace a user? Then whom the application served stands for one. */
function isServed(forest: Forest, resourceKeys: readonly string[], from: number, to: number): boolean {
  const { table, row } = forest;
  if (!table.texts.has('customer')) return false;
  for (let p = from; p < to; p++) {
    if (table.texts.of('user', row[p]!) !== 0) return false;
    if (resourceValue(table.resourceOf(row[p]!), resourceKeys) !== undefined) return false;
  }
  return true;
}

/** What resources say, by their number; empty where none says anything. */
function resourceIds({ table }: Forest, keys: readonly string[]): readonly number[] {
  const ids = table.profiles.resources.map((one) => table.strings.id(resourceValue(one, keys)?.value));
  return ids.some((id) => id !== 0) ? ids : [];
}

function resourceValue(
  resource: Resource,
  keys: readonly string[],
): { readonly key: string; readonly value: string } | undefined {
  for (const key of keys) {
    const value = resource.attributes.get(key);
    if (value !== undefined && value !== null && value !== '' && typeof value !== 'object') {
      return { key, value: String(value) };
    }
  }
  return undefined;
}
