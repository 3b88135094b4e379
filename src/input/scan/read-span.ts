import type { RowContext, Span, SpanSink } from '../../model/index.ts';
import type { ReadContext } from '../format.ts';
import { readSpan } from '../formats/otlp-json.ts';
import { parseJson } from '../json.ts';
import { isObject } from '../values.ts';

/**
 * A span of OTLP JSON, given as its bytes, as the format's own reader reads it. Warnings and skips go where `context` says;
 * undefined where there was no span to be read.
 */
export function spanOf(
  bytes: Buffer,
  { resource, scope }: RowContext,
  context: ReadContext,
): Span | undefined {
  const parsed = parseJson(bytes.toString('utf8'));
  if ('failure' in parsed || !isObject(parsed.value)) {
    context.sink.skip('bad_span', context.at);
    return undefined;
  }
  let found: Span | undefined;
  const sink: SpanSink = {
    ...context.sink,
    span: (span) => {
      found = span;
    },
  };
  readSpan(parsed.value, resource, scope, { ...context, sink });
  return found;
}
