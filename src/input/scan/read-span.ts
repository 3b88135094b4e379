import type { Span, SpanSink } from '../../model/index.ts';
import type { ReadContext } from '../format.ts';
import { flat, readSpan as readFlat } from '../formats/flat.ts';
import { jsConsole, readSpan as readNode } from '../formats/js-console.ts';
import { readSpan } from '../formats/otlp-json.ts';
import { pythonConsole, readSpan as readPython } from '../formats/python-console.ts';
import { parseJson, parseRecord } from '../json.ts';
import { isObject } from '../values.ts';
import type { ScanContext } from './scanner.ts';

/**
 * A span of a document, given as its bytes, as the format's own reader reads it. Warnings and skips go where `context` says;
 * undefined where there was no span to be read.
 */
export function spanOf(
  bytes: Buffer,
  { resource, scope, format }: ScanContext,
  context: ReadContext,
): Span | undefined {
  const parse = format === jsConsole.name ? parseRecord : parseJson;
  const parsed = parse(bytes.toString('utf8'));
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
  const within = { ...context, sink, resource: () => resource, scope: () => scope };
  if (format === flat.name) readFlat(parsed.value, undefined, within);
  else if (format === pythonConsole.name) readPython(parsed.value, within);
  else if (format === jsConsole.name) readNode(parsed.value, within);
  else readSpan(parsed.value, resource, scope, within);
  return found;
}
