import {
  type AgentSpan,
  CALL_ARGUMENTS,
  CALL_RESULT,
  EVERYTHING,
  isModelKind,
  PROMPT_HASHES,
  type Projection,
  SIGNATURES,
  type Span,
  TOOL_RESULT_SIZE,
} from '../model/index.ts';
import {
  argumentsHash,
  promptHashes,
  resultHash,
  TOOL_RESULT_KEYS,
  toolResultSize,
} from '../normalize/index.ts';
import { labelOf } from '../rollup/index.ts';

/** A key whose values no table has but that are columns of their own. */
export const isColumn = (key: string): boolean =>
  key.startsWith('attr:') || key.startsWith('resource:') || isMeasured(key);

/** A column whose values are worked out from spans seen as objects: no row of numbers has them. */
export const isMeasured = (key: string): boolean => key === TOOL_RESULT_SIZE || SIGNATURES.includes(key);

/** What has to be read of spans for these columns, besides the keys that the tables read. */
export function projectionOf(reads: ReadonlySet<string>, columns: readonly string[]): Projection {
  // Prompts stand in numbered keys, too, that nobody can list.
  if (columns.some((key) => SIGNATURES.includes(key))) return EVERYTHING;
  const attributes = columns.filter((key) => key.startsWith('attr:')).map((key) => key.slice('attr:'.length));
  const sizes = columns.includes(TOOL_RESULT_SIZE) ? TOOL_RESULT_KEYS : [];
  return { attributes: new Set([...reads, ...attributes, ...sizes]), events: true, logs: false };
}

type Meant = Pick<AgentSpan, 'kind' | 'dialect'>;

/** The values of these columns. */
export function valuesOf(
  span: Span,
  agent: Meant,
  columns: readonly string[],
): Map<string, string | undefined> {
  const values = new Map<string, string | undefined>();
  for (const column of columns) {
    if (isMeasured(column)) {
      values.set(column, MEASURED.get(column)!(span, agent));
      continue;
    }
    const key = column.slice(column.indexOf(':') + 1);
    const from = column.startsWith('attr:') ? span.attributes : span.resource.attributes;
    values.set(column, labelOf(from.get(key)));
  }
  return values;
}

/** By column; a model's prompt and a tool's arguments often stand under the same keys. */
const MEASURED: ReadonlyMap<string, (span: Span, agent: Meant) => string | undefined> = new Map([
  [TOOL_RESULT_SIZE, (span: Span) => toolResultSize(span)?.toString()],
  [
    CALL_ARGUMENTS,
    (span: Span, { kind, dialect }: Meant) => (isModelKind(kind) ? undefined : argumentsHash(span, dialect)),
  ],
  [CALL_RESULT, (span: Span, { kind }: Meant) => (isModelKind(kind) ? undefined : resultHash(span))],
  [PROMPT_HASHES, (span: Span, { kind }: Meant) => (isModelKind(kind) ? promptHashes(span) : undefined)],
]);
