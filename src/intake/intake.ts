import {
  type AgentSpan,
  EVERYTHING,
  type Place,
  type Projection,
  type Span,
  type SpanError,
  type SpanEvidence,
  type SpanSink,
  SpanTable,
} from '../model/index.ts';
import { createNormalizer, createRowSink, type Normalizer } from '../normalize/index.ts';
import { labelOf } from '../rollup/index.ts';
import { isMeasured, projectionOf, valuesOf } from './columns.ts';
import { IntakeLog } from './intake-log.ts';
import { Judgements } from './judgements.ts';

export type IntakeOptions = {
  /** Asked-for columns: `attr:<key>`, `resource:<key>`, and those that `isMeasured`. */
  readonly columns: readonly string[];
  /** Error messages are kept whole. Otherwise their beginning is enough, and memory does not grow with them. */
  readonly wholeMessages?: boolean | undefined;
  /** What spans tell besides usage and money is read too. */
  readonly observations?: boolean | undefined;
  /** Sees every span as it was read, and what it means; rows of the table are in this order. */
  readonly observe?: ((span: Span, at: Place, agent: AgentSpan) => void) | undefined;
};

/** Takes spans as readers find them, understands them, and puts them into a table. */
export class Intake {
  readonly table = new SpanTable();
  readonly log = new IntakeLog();
  readonly #normalizer: Normalizer;
  readonly #judgements: Judgements | undefined;
  readonly #options: IntakeOptions;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#normalizer = createNormalizer({ observations: options.observations });
    if (options.observations === true) this.#judgements = new Judgements(this.#normalizer);
  }

  /** What readers have to keep. */
  get projection(): Projection {
    const { observe, columns } = this.#options;
    return observe === undefined ? projectionOf(this.#normalizer.reads, columns) : EVERYTHING;
  }

  /** Where readers put what they find. */
  sink(): SpanSink {
    const { columns, observe, wholeMessages } = this.#options;
    const { table, log } = this;
    const normalizer = this.#normalizer;
    const keptOf = wholeMessages === true ? whole : shortened;
    const span = (found: Span, at: Place): void => {
      const agent = normalizer.normalize(found);
      for (const kind of agent.warnings ?? []) log.warn(kind, at);
      if (agent.usage === 'invalid') log.warn('invalid_usage', at);
      observe?.(found, at, agent);
      table.push(
        agent.error === undefined ? agent : { ...agent, error: keptOf(agent.error) },
        columns.length === 0 ? undefined : valuesOf(found, agent, columns),
      );
    };
    // Who sees every span needs all of it, and so does who asks how large something in it is, or whether it is the same.
    const needsObjects = observe !== undefined || columns.some(isMeasured);
    return {
      span,
      rows: needsObjects
        ? undefined
        : createRowSink({ normalizer, table, columns, labelOf, keptOf, span, log }),
      log: (record, at) => {
        if (record.traceId === undefined) log.skip('log_without_trace', at, 1);
        else log.addLog();
        this.#judgements?.take(record);
      },
      skip: (reason, at, count) => log.skip(reason, at, count ?? 1),
      warn: (kind, at) => log.warn(kind, at),
    };
  }

  /** Everything has been read: what log records say of spans is said of them. */
  settle(): void {
    this.#judgements?.settle(this.table);
  }

  /** Why a span means what it means. */
  explain(span: Span): SpanEvidence {
    return this.#normalizer.explain(span);
  }
}

const LONGEST_MESSAGE = 200;

const whole = (error: SpanError): SpanError => error;

function shortened(error: SpanError): SpanError {
  const { type, message } = error;
  if (message === undefined || message.length <= LONGEST_MESSAGE) return error;
  // A surrogate pair is not cut in two.
  const start = message.slice(0, LONGEST_MESSAGE).replace(/[\uD800-\uDBFF]$/, '');
  return { type, message: `${start}…` };
}
