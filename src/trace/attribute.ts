import type { Attribution, Forest, Resource, TextField } from '../model/index.ts';

/** Resource attributes that name whom a process worked for, first hit first. */
export type ResourceIdentity = Readonly<
  Record<'user' | 'organization' | 'workspace' | 'session' | 'workflow', readonly string[]>
>;

/**
 * Gives every span the user, session, workflow, … it worked for: its own value, else its nearest ancestor's, else (for all
 * but agent and tool) the only value in its trace, else its resource's, else 0. Usage and cost are never inherited.
 */
export function attribute(forest: Forest, resourceIdentity: ResourceIdentity): Attribution {
  const run = (field: keyof ResourceIdentity): Int32Array => {
    const own = ownValues(forest, field, resourceIdentity);
    const values = inherit(forest, own);
    fillFromTrace(forest, values, own);
    fillFromResource(forest, values, resourceIdentity[field]);
    return values;
  };
  return {
    user: run('user'),
    organization: run('organization'),
    workspace: run('workspace'),
    session: run('session'),
    workflow: run('workflow'),
    agent: inherit(forest, ownValues(forest, 'agent', resourceIdentity)),
    tool: inherit(forest, ownValues(forest, 'tool', resourceIdentity)),
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
  field: keyof Attribution,
  position: number,
): Origin | undefined {
  const own = ownValues(forest, field, resourceIdentity);
  for (let p = position; p >= 0; p = forest.parent[p]!) {
    if (own[p] !== 0) return { from: p === position ? 'own' : 'ancestor', at: p };
  }
  if (field === 'agent' || field === 'tool') return undefined;
  const next = forest.traceFrom.findIndex((from) => from > position);
  const [from, to] = [forest.traceFrom[next - 1]!, forest.traceFrom[next]!];
  if (onlyValue(own, from, to) !== 0)
    return { from: 'trace', at: own.findIndex((id, p) => p >= from && id !== 0) };
  const found = resourceValue(forest.table.resourceOf(forest.row[position]!), resourceIdentity[field]);
  return found && { from: 'resource', key: found.key };
}

/** What spans say of themselves, by position; 0 where they are silent. */
function ownValues(forest: Forest, field: keyof Attribution, resourceIdentity: ResourceIdentity): Int32Array {
  if (field === 'user') return ownUsers(forest, resourceIdentity.user);
  if (field === 'workflow') return ownWorkflows(forest);
  return field === 'tool' ? ownTools(forest) : ownTexts(forest, field);
}

/** A text column by position instead of by row; zeros where nothing is said. */
function ownTexts(forest: Forest, field: TextField): Int32Array {
  return byPosition(forest, forest.table.text[field]);
}

/** Any column of the table by position. */
function byPosition(forest: Forest, column: Int32Array | undefined): Int32Array {
  const values = new Int32Array(forest.length);
  if (column === undefined) return values;
  for (let p = 0; p < forest.length; p++) values[p] = column[forest.row[p]!]!;
  return values;
}

/** Own value, else the nearest ancestor's. Positions are in pre-order, so parents are done before children. */
function inherit(forest: Forest, own: Int32Array): Int32Array {
  const values = own.slice();
  for (let p = 0; p < forest.length; p++) {
    const parent = forest.parent[p]!;
    if (values[p] === 0 && parent >= 0) values[p] = values[parent]!;
  }
  return values;
}

/** The user, or in traces where nothing names one whom the application served. */
function ownUsers(forest: Forest, resourceKeys: readonly string[]): Int32Array {
  const own = ownTexts(forest, 'user');
  if (forest.table.text.customer === undefined) return own;
  const customers = ownTexts(forest, 'customer');
  const named = forest.table.resources.map((resource) => resourceValue(resource, resourceKeys) !== undefined);
  for (let t = 0; t < forest.traces; t++) {
    const from = forest.traceFrom[t]!;
    const to = forest.traceFrom[t + 1]!;
    let silent = true;
    for (let p = from; p < to && silent; p++)
      silent = own[p] === 0 && named[forest.table.resource[forest.row[p]!]!] !== true;
    if (silent) own.set(customers.subarray(from, to), from);
  }
  return own;
}

/** A workflow attribute, else the name of the outermost span of kind workflow. */
function ownWorkflows(forest: Forest): Int32Array {
  const { table } = forest;
  const own = ownTexts(forest, 'workflow');
  const inherited = own.slice();
  for (let p = 0; p < forest.length; p++) {
    if (inherited[p] !== 0) continue;
    const parent = forest.parent[p]!;
    const above = parent >= 0 ? inherited[parent]! : 0;
    if (above !== 0) inherited[p] = above;
    else if (table.kindOf(forest.row[p]!) === 'workflow') {
      inherited[p] = table.name[forest.row[p]!]!;
      own[p] = inherited[p]!;
    }
  }
  return own;
}

/** A tool's name, else the span name of a tool span without one. Spans of other kinds name no tool of their own. */
function ownTools(forest: Forest): Int32Array {
  const { table } = forest;
  const own = new Int32Array(forest.length);
  for (let p = 0; p < forest.length; p++) {
    const row = forest.row[p]!;
    if (table.kindOf(row) !== 'tool') continue;
    own[p] = table.text.tool?.[row] || table.name[row]!;
  }
  return own;
}

function fillFromTrace(forest: Forest, values: Int32Array, own: Int32Array): void {
  for (let t = 0; t < forest.traces; t++) {
    const from = forest.traceFrom[t]!;
    const to = forest.traceFrom[t + 1]!;
    const only = onlyValue(own, from, to);
    if (only === 0) continue;
    for (let p = from; p < to; p++) if (values[p] === 0) values[p] = only;
  }
}

/** The one value of a range, or 0 where there is none or more than one. */
function onlyValue(own: Int32Array, from: number, to: number): number {
  let only = 0;
  for (let p = from; p < to; p++) {
    const value = own[p]!;
    if (value === 0 || value === only) continue;
    if (only !== 0) return 0;
    only = value;
  }
  return only;
}

function fillFromResource(forest: Forest, values: Int32Array, keys: readonly string[]): void {
  const { table } = forest;
  const ids = table.resources.map((resource) => {
    const found = resourceValue(resource, keys);
    return found === undefined ? 0 : table.strings.id(found.value);
  });
  if (ids.every((id) => id === 0)) return;
  for (let p = 0; p < forest.length; p++) {
    if (values[p] === 0) values[p] = ids[table.resource[forest.row[p]!]!]!;
  }
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
