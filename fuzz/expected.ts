import type { JsonObject, JsonValue } from '../src/input/format.ts';
import { otlpJson } from '../src/input/formats/otlp-json.ts';
import { parseJson } from '../src/input/json.ts';
import { sharedParts } from '../src/input/shared-parts.ts';
import { EVERYTHING, type Span } from '../src/model/index.ts';

/** A span as `JSON.parse` and as its format's reader have it. */
export type ExpectedSpan = {
  readonly json: string;
  readonly span: Span;
  /** The reader had something to say about it. */
  readonly warned: boolean;
};

export type Expected = {
  readonly spans: readonly ExpectedSpan[];
  /** A document stands on more than one line. */
  readonly broken: boolean;
};

/**
 * What is in documents that stand one after another, each on lines of its own. Throws where there is something else: then
 * no scanner may have read it.
 */
export function expectedIn(text: string): Expected {
  const spans: ExpectedSpan[] = [];
  let broken = false;
  let open = '';
  for (const line of text.split('\n')) {
    open += line;
    if (open.trim() === '') open = '';
    else {
      const document = open;
      const value = document.trimEnd().endsWith('}') ? jsonOf(document) : undefined;
      open = value === undefined ? `${open}\n` : '';
      if (value === undefined) continue;
      spans.push(...spansOf(value, document));
      broken ||= document.includes('\n');
    }
  }
  if (open.trim() !== '') throw new Error(`accepted, and no JSON: ${open.slice(0, 200)}`);
  return { spans, broken };
}

function jsonOf(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function spansOf(value: JsonValue, text: string): ExpectedSpan[] {
  const jsons: string[] = [];
  for (const resource of objects(value, 'resourceSpans')) {
    for (const scope of objects(resource, 'scopeSpans')) {
      for (const span of objects(scope, 'spans')) jsons.push(JSON.stringify(span));
    }
  }
  const read = readAll(text);
  if (read.length !== jsons.length)
    throw new Error(`${jsons.length} spans, of which ${read.length} can be read`);
  return read.map((span, i) => ({ json: jsons[i]!, ...span }));
}

/** The objects in a list; the list may be missing, and everything else is not the plain layout. */
function objects(owner: JsonValue, key: string): readonly JsonObject[] {
  const list = (owner as JsonObject)[key];
  if (list === undefined) return [];
  if (!Array.isArray(list)) throw new Error(`accepted, and ${key} is no list`);
  for (const item of list)
    if (typeof item !== 'object' || item === null || Array.isArray(item))
      throw new Error(`accepted, and no object in ${key}`);
  return list as JsonObject[];
}

function readAll(document: string): { span: Span; warned: boolean }[] {
  const parsed = parseJson(document);
  if ('failure' in parsed) throw new Error(`accepted, and ${parsed.failure}`);
  const spans: { span: Span; warned: boolean }[] = [];
  let warned = false;
  if (!('read' in otlpJson)) throw new Error('a format with memory');
  otlpJson.read(parsed.value as JsonObject, {
    sink: {
      span: (span) => {
        spans.push({ span, warned });
        warned = false;
      },
      log: () => undefined,
      skip: (reason) => {
        throw new Error(`accepted, and something in it is skipped: ${reason}`);
      },
      warn: () => {
        warned = true;
      },
    },
    projection: EVERYTHING,
    at: { source: 'x', line: 1 },
    ...sharedParts(),
  });
  return spans;
}
