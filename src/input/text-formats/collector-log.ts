import type { AttributeValue } from '../../model/index.ts';
import { addLog } from '../formats/logs.ts';
import type { MutableAttributes } from '../formats/spans.ts';
import { collectorTime, collectorValue } from './collector-values.ts';
import type { TextOutput } from './text-format.ts';

/** The fields of a log record stand at the left edge. */
export const LOG_FIELD =
  /^(ObservedTimestamp|Timestamp|SeverityText|SeverityNumber|EventName|Body|Trace ID|Span ID|Flags): ?(.*)$/s;

/** A log record of the collector's debug exporter as far as its lines have come. */
export class CollectorLog {
  readonly attributes: MutableAttributes = new Map();
  readonly #line: number;
  readonly #resource: ReadonlyMap<string, AttributeValue>;
  readonly #scope: { readonly name: string | undefined; readonly version: string | undefined };
  readonly #fields = new Map<string, string>();
  readonly #body = new Map<string, AttributeValue>();

  constructor(
    line: number,
    resource: ReadonlyMap<string, AttributeValue>,
    scope: { readonly name: string | undefined; readonly version: string | undefined },
  ) {
    this.#line = line;
    this.#resource = resource;
    this.#scope = scope;
  }

  /** Keeps a field; a body that goes on in the next lines is given back. */
  field(
    name: string,
    value: string,
  ): { attributes: Map<string, AttributeValue>; key: string; text: string } | undefined {
    if (name !== 'Body') this.#fields.set(name, value.trim());
    else if (!value.endsWith(')')) return { attributes: this.#body, key: name, text: value };
    else this.#body.set(name, collectorValue(value));
    return undefined;
  }

  add(output: TextOutput): void {
    const fields = this.#fields;
    output.read(this.#line, (context) =>
      addLog(context, {
        traceId: fields.get('Trace ID'),
        spanId: fields.get('Span ID'),
        time:
          collectorTime(fields.get('Timestamp') ?? '') ??
          collectorTime(fields.get('ObservedTimestamp') ?? ''),
        severity: fields.get('SeverityText'),
        severityNumber: /\((\d+)\)$/.exec(fields.get('SeverityNumber') ?? '')?.[1],
        eventName: fields.get('EventName'),
        body: this.#body.get('Body') ?? '',
        attributes: this.attributes,
        resource: context.resource(this.#resource),
        scope: context.scope(this.#scope.name, this.#scope.version),
      }),
    );
  }
}
