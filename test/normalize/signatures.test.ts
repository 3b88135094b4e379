import { describe, expect, it } from 'vitest';
import { type AttributeValue, instant, NO_ATTRIBUTES, type Span } from '../../src/model/index.ts';
import { argumentsHash, promptHashes, resultHash } from '../../src/normalize/index.ts';

const span = (attributes: Readonly<Record<string, AttributeValue>>): Span => ({
  traceId: 'f',
  spanId: '1',
  parentSpanId: undefined,
  name: 'call',
  kind: undefined,
  start: instant(0n),
  end: instant(1n),
  status: 'unset',
  statusMessage: undefined,
  attributes: new Map(Object.entries(attributes)),
  events: [],
  links: [],
  resource: { attributes: NO_ATTRIBUTES },
  scope: undefined,
});

const given = (value: AttributeValue) =>
  argumentsHash(span({ 'gen_ai.tool.call.arguments': value }), undefined);
const gave = (value: AttributeValue) => resultHash(span({ 'gen_ai.tool.call.result': value }));

describe('arguments', () => {
  it('are the same whatever the order of keys and the blanks between them', () => {
    expect(given('{"b": [1, {"d": 2, "c": null}], "a": "x"}')).toBe(
      given('{"a":"x","b":[1,{"c":null,"d":2}]}'),
    );
    expect(given({ b: [1], a: 'x' })).toBe(given('{"a":"x","b":[1]}'));
    expect(given('{"a":[1,2]}')).not.toBe(given('{"a":[2,1]}'));
    expect(given('{"a":1}')).not.toBe(given('{"a":"1"}'));
  });

  it('are found under the keys of every dialect, a namespaced one first', () => {
    for (const key of [
      'ai.toolCall.args',
      'input.value',
      'traceloop.entity.input',
      'langfuse.observation.input',
      'function_args',
    ])
      expect(argumentsHash(span({ [key]: '{"q":1}' }), undefined), key).toBe(given('{"q":1}'));
    expect(argumentsHash(span({ arguments: 'x', 'gen_ai.tool.call.arguments': '{"q":1}' }), undefined)).toBe(
      given('{"q":1}'),
    );
    expect(argumentsHash(span({ q: 1 }), undefined)).toBeUndefined();
  });

  it('a key that means something else elsewhere is believed of its own dialect', () => {
    const described = span({ 'tool.parameters': '{"q":1}' });
    expect(argumentsHash(described, 'genxai')).toBe(given('{"q":1}'));
    expect(argumentsHash(described, 'openinference')).toBeUndefined();
  });

  it('that hold none are told, too', () => {
    expect(given('{}')).toBeDefined();
    expect(given('')).toBeDefined();
  });
});

describe('results', () => {
  it('that were taken out or cut off are not told', () => {
    for (const text of [
      '<REDACTED>',
      '[redacted]',
      '__REDACTED__',
      'x'.repeat(4096),
      'y'.repeat(2000),
      `${'z'.repeat(500)}...`,
    ])
      expect(gave(text), text.slice(0, 12)).toBeUndefined();
    for (const text of ['redacted lines: 3', 'x'.repeat(4097), 'done...', 'None'])
      expect(gave(text), text.slice(0, 12)).toBeDefined();
  });

  it('of which a part was taken out are not told either', () => {
    expect(gave('{"rows":["<REDACTED>"]}')).toBeUndefined();
    expect(given({ q: '[REDACTED]' })).toBeUndefined();
  });

  it('are not kept', () => {
    expect(gave('a very secret word')).not.toMatch(/secret/);
    expect(gave('a very secret word')!.length).toBeLessThan(20);
  });

  it('nested deeper than anybody looks are not told', () => {
    expect(gave(`${'['.repeat(5000)}${']'.repeat(5000)} `)).toBeUndefined();
    expect(gave(`${'['.repeat(50)}${']'.repeat(50)} `)).toBeDefined();
  });
});

describe('prompts', () => {
  const say = (role: string, content: AttributeValue) => ({ role, content });
  const messages = (...texts: string[]) =>
    texts.map((text, i) => say(i % 2 === 0 ? 'user' : 'assistant', text));
  const hashes = (attributes: Readonly<Record<string, AttributeValue>>) =>
    promptHashes(span(attributes))?.split('.');

  it('are a hash of the instructions and one of each message', () => {
    const [head, ...rest] = hashes({
      'gen_ai.system_instructions': 'be kind',
      'gen_ai.input.messages': JSON.stringify(messages('a', 'b', 'c')),
    })!;
    const [other, ...longer] = hashes({
      'gen_ai.system_instructions': 'be brief',
      'gen_ai.input.messages': JSON.stringify(messages('a', 'b', 'c', 'd', 'e')),
    })!;
    expect(rest).toHaveLength(3);
    expect(longer.slice(0, 3)).toEqual(rest);
    expect(other).not.toBe(head);
  });

  it('instructions that are messages belong to the head', () => {
    const prompt = (system: string) =>
      hashes({ 'ai.prompt.messages': JSON.stringify([say('system', system), ...messages('a')]) })!;
    expect(prompt('x')).toHaveLength(2);
    expect(prompt('x')[1]).toBe(prompt('y')[1]);
    expect(prompt('x')[0]).not.toBe(prompt('y')[0]);
  });

  it('stand in numbered keys as well', () => {
    const numbered = (...texts: string[]) =>
      Object.fromEntries(
        texts.flatMap((text, i): [string, AttributeValue][] => [
          [`llm.input_messages.${i}.message.role`, 'user'],
          [`llm.input_messages.${i}.message.content`, text],
        ]),
      );
    const texts = Array.from({ length: 12 }, (_, i) => `m${i}`);
    const long = hashes(numbered(...texts))!;
    expect(long).toHaveLength(13);
    expect(hashes(numbered(...texts.slice(0, 11)))).toEqual(long.slice(0, 12));
  });

  it('are told as far as nothing was taken out of them', () => {
    const list = (...texts: string[]) =>
      hashes({ 'gen_ai.input.messages': JSON.stringify(messages(...texts)) });
    expect(list('a', 'b', '<REDACTED>', 'd')).toEqual(list('a', 'b'));
    expect(list('<REDACTED>', 'b')).toBeUndefined();
  });

  it('marks for the cache are not part of them', () => {
    const marked = { ...say('user', 'a'), cache_control: { type: 'ephemeral' } };
    const list = (...all: AttributeValue[]) => hashes({ 'gen_ai.input.messages': JSON.stringify(all) });
    expect(list(marked)).toEqual(list(say('user', 'a')));
  });

  it('requests hold them beside settings, which are not in them', () => {
    const request = (more: Readonly<Record<string, AttributeValue>>) =>
      hashes({ 'langfuse.observation.input': JSON.stringify({ messages: messages('a', 'b'), ...more }) })!;
    expect(request({ temperature: 1 })).toEqual(request({ temperature: 0 }));
    expect(request({ system: 'x' })[0]).not.toEqual(request({ system: 'y' })[0]);
    expect(hashes({ 'langfuse.observation.input': 'what is it?' })).toBeUndefined();
  });
});
