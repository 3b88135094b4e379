import type { SpanDetails } from '../../src/analyses/span-views.ts';
import { instant, NO_RESOURCE, type SpanEvent } from '../../src/model/index.ts';
import type { Scene } from '../analyses/dataset.ts';
import { ORIGIN } from '../trace/table.ts';

/** Runs worth looking at. Times are milliseconds; `details` are by span id. */
export type Stage = {
  readonly spans: readonly Scene[];
  readonly details?: Readonly<Record<string, Partial<SpanDetails>>>;
};

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';

/** One run as it should be. */
export const deploy: Stage = {
  spans: [
    span('1', undefined, 0, 45_200, 'agent', 'agent.run', { text: { user: 'ana', workflow: 'deploy-app' } }),
    call('2', '1', 0, 2100, 'claude-sonnet-4', [1500, 800]),
    span('3', '1', 2100, 7200, 'tool', 'clone'),
    span('4', '1', 7200, 25_500, 'tool', 'install'),
    call('5', '4', 8000, 9000, 'claude-opus-4', [90_000, 5000], { usage: { cacheRead: 60_000 } }),
    span('6', '1', 25_500, 36_000, 'tool', 'test', failed('ExitError', '2 failing')),
    span('7', '1', 36_000, 45_200, 'tool', 'deploy'),
    ...[0, 1, 2, 3, 4].map((i) =>
      call(`8${i}`, '7', 37_000 + i * 1000, 37_700 + i * 1100, 'claude-haiku-3.5', [900, 50]),
    ),
  ],
  details: {
    4: { events: [event('command_started', 8234, { command: 'npm ci' })] },
    6: {
      events: [
        event('exception', 35_900, { 'exception.type': 'ExitError', 'exception.message': '2 failing' }),
      ],
    },
  },
};

/** Everything that can be odd about a run. */
export const trouble: Stage = {
  spans: [
    span('1', undefined, 0, 20_000, 'workflow', 'nightly', {
      text: { user: '5e884898da28047151d0e56f8dc6292773603d0d' },
    }),
    span('2', '1', 100, 4000, 'tool', 'fetch', {
      ...failed('TimeoutError', 'no answer after 4 s from https://search.example/api/v2/query?page=1'),
      attempt: 1,
    }),
    span('3', '1', 4100, 8000, 'tool', 'fetch', {
      ...failed('TimeoutError', 'TimeoutError: no answer after 4 s'),
      attempt: 2,
    }),
    span('4', '1', 8100, 9000, 'tool', 'fetch', { attempt: 3, status: 'ok' }),
    call('5', '1', 9000, 10_000, 'new-model', [400, 20]),
    call('6', '1', 10_000, 11_000, 'free-model', [400, 20]),
    call('7', '1', 11_000, 12_000, 'gateway', [400, 20], { recorded: 0.01, authority: 'not_billed' }),
    span('8', '1', 12_000, 16_000, 'agent', 'invoke_agent writer', { tokens: [5000, 200] }),
    call('9', '8', 12_100, 15_900, 'claude-sonnet-4', [5000, 200], { answer: 'r1' }),
    call('a', '9', 12_200, 15_800, 'claude-sonnet-4', [5000, 200], { answer: 'r1' }),
    call('b', '8', 15_900, 15_950, 'claude-sonnet-4', [1, 0]),
    span('c', '1', 16_000, undefined, 'step', 'waiting for approval'),
    { id: 'd', parent: '1', trace, kind: 'memory', name: 'recall' },
    span('e', '1', 17_000, 29_000, 'step', 'upload log'),
    span('f', '00f067aa0ba902b7', 3000, 3500, 'guardrail', 'policy'),
    call('10', '00f067aa0ba902b7', 3500, 4500, 'new-model', [100, 10]),
    span('11', undefined, 30_000, 32_000, 'other', 'POST /feedback'),
  ],
  details: {
    2: {
      logs: [
        {
          traceId: trace,
          spanId: '2',
          time: at(3999),
          severity: 'WARN',
          eventName: undefined,
          body: 'giving up\nafter 4 s',
          attributes: new Map(),
          resource: NO_RESOURCE,
          scope: undefined,
        },
      ],
    },
    4: {
      attributes: new Map<string, never>(
        Object.entries({ 'http.status': 200, tags: ['a', 'b'], prompt: 'line one\nline two' }) as never,
      ),
    },
  },
};

/** Names in every width, and a name that no screen holds. */
export const wide: Stage = {
  spans: [
    span('1', undefined, 0, 9000, 'agent', '客户支持代理', { text: { user: '田中さん' } }),
    span('2', '1', 0, 1000, 'tool', '検索ツール'),
    span('3', '1', 1000, 2000, 'tool', 'cafe\u0301-lookup'),
    span('4', '1', 2000, 3000, 'tool', '👩‍💻 pair 🚀'),
    span('5', '1', 3000, 7000, 'tool', `${'very_'.repeat(20)}long_name_v2`),
    span(
      '6',
      '1',
      7000,
      9000,
      'step',
      '한국어 단계',
      failed('오류', '네트워크 연결이 끊어졌습니다. 다시 시도하십시오. '.repeat(5)),
    ),
  ],
};

/** What must not reach a terminal as it is. */
export const hostile: Stage = {
  spans: [
    span('1', undefined, 0, 1000, 'agent', '\u001b[2J\u001b]0;owned\u0007run', {
      text: { user: 'a\u202eb\u2066c', workflow: 'x\r\ny' },
    }),
    span('2', '1', 0, 500, 'tool', 'two\nlines\ttab\u0085\u009b31m'),
    span('3', '1', 500, 900, 'tool', 'zero\u200bwidth\ufeff\u00ad', failed('E\u001b[31m', '\u001b[0m\u2028')),
  ],
  details: {
    2: {
      events: [event('e\u001b[1m', 100, { 'k\u001b': 'v\u0007' })],
      attributes: new Map<string, never>([['__proto__', '\u001b]8;;http://x\u0007link' as never]]),
    },
  },
};

/** Deeper than any screen is wide. */
export const deep: Stage = {
  spans: Array.from({ length: 60 }, (_, i) =>
    span((i + 1).toString(16), i === 0 ? undefined : i.toString(16), i, 200 - i, 'step', `level ${i}`),
  ),
};

function span(
  id: string,
  parent: string | undefined,
  from: number,
  to: number | undefined,
  kind: Scene['kind'] & string,
  name: string,
  more: Partial<Scene> = {},
): Scene {
  return { id, ...(parent === undefined ? {} : { parent }), trace, from, to, kind, name, ...more };
}

function call(
  id: string,
  parent: string,
  from: number,
  to: number,
  model: string,
  tokens: readonly [number, number],
  more: Partial<Scene> = {},
): Scene {
  return span(id, parent, from, to, 'llm', `chat ${model}`, { text: { model }, tokens, ...more });
}

function failed(type: string, message: string): Partial<Scene> {
  return { status: 'error', error: { type, message } };
}

function at(milliseconds: number) {
  return instant(ORIGIN + BigInt(milliseconds) * 1_000_000n);
}

function event(name: string, time: number, attributes: Record<string, string>): SpanEvent {
  return { name, time: at(time), attributes: new Map(Object.entries(attributes)) };
}
