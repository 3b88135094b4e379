import type { Forest, ObservedText } from '../model/index.ts';
import { type Dimension, findDimension, type Labels } from '../rollup/index.ts';
import type { MetricData } from './values.ts';

const UNKNOWN = '(unknown)';

/** Where labels come from besides `--by` keys: what a span tells of itself alone. */
export const LABEL_SOURCES = {
  memory_operation: { help: 'Operation on memory', text: 'memoryOperation' },
  memory_type: { help: 'Kind of memory', text: 'memoryType' },
  vector_store: { help: 'Store that was searched', text: 'vectorStore' },
  guardrail: { help: 'Name of the guardrail', text: 'guardrail' },
  guardrail_outcome: { help: 'What the guardrail decided', text: 'guardrailOutcome' },
  connector_action: { help: 'What an outside system was asked to do', text: 'connectorAction' },
  outcome: { help: "The emitter's own word for how it ended", text: 'outcome' },
  attempt: {
    help: 'Which retry it was: 1 is the first, 0 no retry. Of several that one span tells of, `retries` counts each under its own',
    of: retryNumbers,
  },
  step_name: { help: 'Node of a workflow, else the name of the span', of: stepNames },
  request_model: {
    help: 'Model that was asked for',
    of: (data) => texts(data.forest, 'requestModel', 'model'),
  },
  instance: {
    help: '`service.instance.id` of the process',
    of: ({ forest }) => instanceIds(forest),
    reads: ['resource:service.instance.id'],
  },
  own_operation: { help: 'Operation name of the telemetry', of: (data) => texts(data.forest, 'operation') },
} as const satisfies Record<string, Source>;

type Source = {
  readonly help: string;
  /** Columns that have to be read for it. */
  readonly reads?: readonly string[];
} & ({ readonly text: ObservedText } | { readonly of: (data: MetricData) => Labels });

/** What has to be read of spans for a source, besides what every answer reads: `attr:` and `resource:` keys. */
export function columnsOfSource(from: string): readonly string[] {
  if (!Object.hasOwn(LABEL_SOURCES, from)) return /^(attr|resource):/.test(from) ? [from] : [];
  const source: Source = LABEL_SOURCES[from as keyof typeof LABEL_SOURCES];
  return source.reads ?? [];
}

/** Whether there is a label source of that name. */
export function isLabelSource(from: string): boolean {
  return Object.hasOwn(LABEL_SOURCES, from) || findDimension(from) !== undefined;
}

/** A source of labels as a dimension of this data. */
export function sourceOf(from: string, data: MetricData): Dimension {
  if (!Object.hasOwn(LABEL_SOURCES, from)) {
    const found = findDimension(from);
    if (found === undefined) throw new TypeError(`no label source ${from}`);
    return found;
  }
  const source: Source = LABEL_SOURCES[from as keyof typeof LABEL_SOURCES];
  const labels = 'of' in source ? source.of(data) : observedTexts(data.forest, source.text);
  return { help: source.help, absent: UNKNOWN, labels: () => labels };
}

/** Of the span's own resource: a process is not another one because that one called it. */
export function instanceIds({ table, row }: Forest): Labels {
  return {
    idOf: (p) => table.extraIdOf('resource:service.instance.id', row[p]!),
    textOf: (id) => table.strings.text(id),
  };
}

function observedTexts({ table, row }: Forest, name: ObservedText): Labels {
  return {
    idOf: (p) => table.observations.textId(name, row[p]!),
    textOf: (id) => table.strings.text(id),
  };
}

function texts({ table, row }: Forest, ...fields: ('requestModel' | 'model' | 'operation')[]): Labels {
  return {
    idOf: (p) => {
      for (const field of fields) {
        const id = table.textIdOf(field, row[p]!);
        if (id !== 0) return id;
      }
      return 0;
    },
    textOf: (id) => table.strings.text(id),
  };
}

function stepNames({ forest: { table, row } }: MetricData): Labels {
  return {
    idOf: (p) => table.textIdOf('node', row[p]!) || table.profiles.nameIdOf(table.profileOf(row[p]!)),
    textOf: (id) => table.strings.text(id),
  };
}

function retryNumbers({ attempts }: MetricData): Labels {
  const { numbers } = attempts();
  return { idOf: (p) => numbers.get(p) ?? 1, textOf: (attempt) => String(attempt - 1) };
}
