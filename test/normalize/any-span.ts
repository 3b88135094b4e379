import fc from 'fast-check';
import type { AttributeValue, Span, StatusCode } from '../../src/model/index.ts';
import { createNormalizer } from '../../src/normalize/index.ts';
import { spanOf } from './plain.ts';

/** Every attribute key that a table mentions. */
export const known = [...createNormalizer({ observations: true }).reads];

const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.bigInt(),
  fc.constantFrom('NaN', '-1', '12', '{"usage":{"input_tokens":5}}', '{"usage":', '[[[[', '"{}"', null),
  fc.array(fc.oneof(fc.integer(), fc.string())),
  fc.json(),
  fc.object({ maxDepth: 3 }) as fc.Arbitrary<{ readonly [key: string]: AttributeValue }>,
);
const key = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...known) }, fc.string());
const name = fc.oneof(
  fc.string(),
  fc.constantFrom('chat gpt-4o', 'llm.generate', 'agent.run', 'node.execute.llm', 'ai.toolCall', '__proto__'),
);
const scope = fc.option(
  fc.constantFrom('ai', 'gen_ai', 'langfuse-sdk', 'strands', 'com.anthropic.claude_code.tracing', ''),
  { nil: undefined },
);

/** Spans with attributes that tables know, holding anything. */
export const anySpan: fc.Arbitrary<Span> = fc
  .record({
    name,
    scope,
    status: fc.constantFrom<StatusCode>('unset', 'ok', 'error'),
    attributes: fc.array(fc.tuple(key, value), { maxLength: 25 }),
    child: fc.boolean(),
  })
  .map(({ attributes, scope: scopeName, ...plain }) => ({
    ...spanOf({ ...plain, ...(scopeName === undefined ? {} : { scope: scopeName }) }),
    attributes: new Map(attributes),
    events: [{ name: 'exception', time: undefined, attributes: new Map(attributes) }],
  }));
