import {
  type AttributeValue,
  type Attribution,
  type Bill,
  FLAG,
  type Forest,
  nearest,
  stepOf,
  type TextField,
  traceByTrace,
  UserError,
} from '../model/index.ts';

/** What a dimension is computed from. */
export type Measured = { readonly forest: Forest; readonly attribution: Attribution; readonly bill: Bill };

/**
 * The values of a dimension. Positions have numbers, equal ones where the value is the same (different ones may have the
 * same value, too), and a value is made of a number only where it is shown; undefined is "(unattributed)".
 */
export type Labels = {
  readonly idOf: (position: number) => number;
  readonly textOf: (id: number) => string | undefined;
};

export type Dimension = {
  readonly help: string;
  /** How rows without a value are called. */
  readonly absent: string;
  readonly labels: (data: Measured) => Labels;
};

const UNATTRIBUTED = '(unattributed)';

/** Every `--by` key. The key is also the `--where` key, the column, the Prometheus label and the alert label. */
export const DIMENSIONS = {
  user: attributed('User who started the run', 'user'),
  organization: attributed('Organization or tenant', 'organization'),
  workspace: attributed('Workspace, team or project', 'workspace'),
  session: attributed('Session or conversation', 'session'),
  workflow: attributed('Workflow, by name, else by id', 'workflow'),
  root: dimension('Name of the root span', ({ forest }) => rootNames(forest)),
  agent: attributed('Agent, by name, else by id', 'agent'),
  tool: { ...attributed('Nearest enclosing tool', 'tool'), absent: '(agent loop)' },
  step: dimension('`tool <name>`, `llm <model>`, otherwise `<kind> <name>`', ({ forest }) =>
    profiles(forest, (profile) => stepOf(forest.table, profile)),
  ),
  model: inherited('Model that answered, else the one asked for', ['model', 'requestModel']),
  provider: inherited('Provider of the model', ['provider']),
  service: inherited('`service.name` of the process', ['service']),
  environment: inherited('Deployment environment', ['environment']),
  node: inherited('Node of a workflow graph', ['node']),
  connector: inherited('Connector to an outside system', ['connector']),
  operation: dimension('Operation name of the telemetry, else the span name', ({ forest }) => {
    const { profiles: known, strings } = forest.table;
    return profiles(forest, (profile) =>
      strings.text(known.textIdOf('operation', profile) || known.nameIdOf(profile)),
    );
  }),
  kind: dimension('Kind of the span', ({ forest }) =>
    profiles(forest, (profile) => forest.table.profiles.kindOf(profile)),
  ),
  status: dimension('`success` or `error`', ({ forest }) =>
    profiles(forest, (profile) =>
      (forest.table.profiles.flagsOf(profile) & FLAG.failed) === 0 ? 'success' : 'error',
    ),
  ),
  error: { ...dimension('Type of the error', errorTypes), absent: '(none)' },
  trace: dimension('Trace id', ({ forest: { table, row } }) => ({
    idOf: (p) => table.traceOf(row[p]!),
    textOf: (trace) => table.traces.id(trace),
  })),
  day: dimension('Day of the start, UTC', ({ forest }) => startsBy(forest, 10)),
  hour: dimension('Hour of the start, UTC', ({ forest }) => startsBy(forest, 13)),
} as const satisfies Record<string, Dimension>;

/** `attr:<key>` and `resource:<key>`: the asked-for columns of the table, inherited like every other dimension. */
function attributeDimension(key: string): Dimension {
  return dimension(`Attribute ${key.slice(key.indexOf(':') + 1)}`, ({ forest }) => {
    return inheritedIds(forest, (row) => forest.table.extraIdOf(key, row));
  });
}

/** The dimension of a `--by` or `--where` key, or undefined when there is none of that name. */
export function findDimension(key: string): Dimension | undefined {
  if (Object.hasOwn(DIMENSIONS, key)) return DIMENSIONS[key as keyof typeof DIMENSIONS];
  return /^(attr|resource):./.test(key) ? attributeDimension(key) : undefined;
}

/** The dimensions of `--by`, in order; an unknown key is an error that names the known ones. */
export function dimensionsOf(keys: readonly string[]): readonly Dimension[] {
  return keys.map((key) => {
    const found = findDimension(key);
    if (found !== undefined) return found;
    const known = Object.keys(DIMENSIONS);
    const meant = nearest(key, known);
    throw new UserError(`unknown dimension '${key}'`, {
      hint: `${meant === undefined ? '' : `Did you mean '${meant}'? `}Dimensions: ${known.join(', ')}, attr:<key>, resource:<key>.`,
    });
  });
}

/** An attribute as a label: text as it is, everything else as JSON. */
export function labelOf(value: AttributeValue | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function dimension(help: string, labels: Dimension['labels']): Dimension {
  return { help, absent: UNATTRIBUTED, labels };
}

function attributed(help: string, field: keyof Attribution): Dimension {
  return dimension(help, ({ forest, attribution }) => {
    return { idOf: attribution[field], textOf: (id) => forest.table.strings.text(id) };
  });
}

function inherited(help: string, fields: readonly TextField[]): Dimension {
  return dimension(help, ({ forest }) => {
    const [field, other] = fields as [TextField, TextField?];
    const { table } = forest;
    if (other === undefined) return inheritedIds(forest, (row) => table.textIdOf(field, row));
    return inheritedIds(forest, (row) => table.textIdOf(field, row) || table.textIdOf(other, row));
  });
}

/** The own value, else the nearest ancestor's. Pre-order: parents come before children. */
function inheritedIds(forest: Forest, ownOf: (row: number) => number): Labels {
  const ids = new Int32Array(forest.length);
  const see = traceByTrace(forest, (from, to) => {
    for (let p = from; p < to; p++) {
      const parent = forest.parent[p]!;
      ids[p] = ownOf(forest.row[p]!) || (parent < 0 ? 0 : ids[parent]!);
    }
  });
  return {
    idOf: (p) => {
      see(p);
      return ids[p]!;
    },
    textOf: (id) => forest.table.strings.text(id),
  };
}

/** What is the same for all spans of a profile. */
function profiles({ table, row }: Forest, textOf: (profile: number) => string | undefined): Labels {
  return { idOf: (p) => table.profileOf(row[p]!), textOf };
}

function rootNames(forest: Forest): Labels {
  const { table, row, parent } = forest;
  const names = new Int32Array(forest.length);
  const see = traceByTrace(forest, (from, to) => {
    for (let p = from; p < to; p++)
      names[p] = parent[p]! < 0 ? table.profiles.nameIdOf(table.profileOf(row[p]!)) : names[parent[p]!]!;
  });
  return {
    idOf: (p) => {
      see(p);
      return names[p]!;
    },
    textOf: (id) => table.strings.text(id),
  };
}

function errorTypes({ forest: { table, row } }: Measured): Labels {
  return {
    idOf: (p) => {
      const r = row[p]!;
      if (!table.has(r, FLAG.failed)) return 0;
      const error = table.errorOf(r);
      return table.strings.id(error?.type ?? error?.message ?? '(unnamed error)');
    },
    textOf: (id) => table.strings.text(id),
  };
}

/** The first digits of the start in ISO 8601: 10 make a day, 13 an hour. */
function startsBy({ table, row }: Forest, digits: 10 | 13): Labels {
  const seconds = digits === 10 ? 86_400 : 3600;
  return {
    // Days and hours are counted from 1: 0 is no time.
    idOf: (p) => {
      const r = row[p]!;
      return table.has(r, FLAG.hasStart) ? Math.floor(table.startSecondOf(r) / seconds) + 1 : 0;
    },
    textOf: (id) => {
      if (id === 0) return undefined;
      const text = new Date((id - 1) * seconds * 1000).toISOString().slice(0, digits);
      return digits === 13 ? `${text}:00Z` : text;
    },
  };
}
