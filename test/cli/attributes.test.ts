import { describe, expect, it } from 'vitest';
import { attributeFilter, withoutContent } from '../../src/cli/attributes.ts';
import { agentobs } from '../agentobs.ts';

const KEYS = [
  'gen_ai.request.model',
  'gen_ai.input.messages',
  'gen_ai.prompt.0.content',
  'input.value',
  'input.mime_type',
  'prompt.id',
  '__proto__',
];
const kept = (choice: Parameters<typeof attributeFilter>[0]) => {
  const keep = attributeFilter(choice);
  return keep === undefined ? undefined : KEYS.filter(keep);
};

describe('attributes to show', () => {
  it('are none unless asked for', () => {
    expect(kept({ glob: undefined, content: false })).toBeUndefined();
  });

  it.each([
    ['*', ['gen_ai.request.model', 'input.mime_type', 'prompt.id', '__proto__']],
    ['gen_ai.*', ['gen_ai.request.model']],
    ['*.mime_type', ['input.mime_type']],
    ['prompt?id', ['prompt.id']],
    ['prompt', []],
    ['(', []],
  ])('by the glob %s hold nothing that people or models said', (glob, keys) => {
    expect(kept({ glob, content: false })).toEqual(keys);
  });

  it('hold what was said when that is asked for', () => {
    const content = ['gen_ai.input.messages', 'gen_ai.prompt.0.content', 'input.value'];
    expect(kept({ glob: undefined, content: true })).toEqual(content);
    expect(kept({ glob: '*', content: true })).toEqual(KEYS);
  });

  it('of events hold nothing that was said either', () => {
    const attributes = new Map([
      ['content', 'hello'],
      ['event.name', 'gen_ai.user.message'],
    ]);
    expect([...withoutContent(attributes).keys()]).toEqual(['event.name']);
  });

  it('are decided by the start of a key, however long it is', () => {
    const keep = attributeFilter({ glob: '*', content: false })!;
    expect(keep('a.'.repeat(1_000_000))).toBe(true);
  });
});

const SECRET = 'the secret of the prompt';
const SPAN = {
  traceId: '5b8efff798038103d269b633813fc60c',
  spanId: 'eee19b7ec3c1b174',
  name: 'chat gpt-4o',
  startTimeUnixNano: '1770199923000000000',
  endTimeUnixNano: '1770199924000000000',
  attributes: [
    { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
    { key: 'gen_ai.request.model', value: { stringValue: 'gpt-4o' } },
    { key: 'gen_ai.input.messages', value: { stringValue: SECRET } },
  ],
  events: [
    {
      name: 'gen_ai.user.message',
      timeUnixNano: '1770199923000000000',
      attributes: [{ key: 'content', value: { stringValue: SECRET } }],
    },
  ],
};
const input = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [SPAN] }] }] });

describe('prompts and completions', () => {
  it.each(['table', 'json'])('are in no %s unless --content is given', async (format) => {
    const args = ['trace', 'show', '--attributes', '*', '-f', format];
    const without = await agentobs(args, { input });
    expect(without.code).toBe(0);
    expect(without.stdout).toContain('gen_ai.request.model');
    expect(without.stdout).not.toContain(SECRET);
    const found = (await agentobs([...args, '--content'], { input })).stdout.split(SECRET);
    expect(found).toHaveLength(3);
  });
});
