import { describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../src/alerts/payloads/fingerprint.ts';
import {
  alertmanagerPayload,
  emailPayload,
  type FiringAlert,
  mailboxesOf,
  pagerdutyPayload,
  sentryPayload,
  sentryTarget,
  slackPayload,
  webhookPayload,
} from '../../src/alerts/payloads/index.ts';

function alertOf(more: Partial<FiringAlert> = {}): FiringAlert {
  const labels =
    more.labels ??
    new Map([
      ['alertname', 'CostHigh'],
      ['severity', 'critical'],
      ['model', 'gpt-4o'],
    ]);
  return {
    name: 'CostHigh',
    group: 'g',
    level: 'critical',
    labels,
    annotations: new Map([['summary', 'Cost <&> $12']]),
    startsAt: Date.UTC(2026, 1, 3, 9),
    value: 12,
    expr: 'sum(x) > 10',
    file: 'rules.yml',
    line: 3,
    traces: ['t1', 't2'],
    moreTraces: 4,
    fingerprint: fingerprintOf(labels),
    ...more,
  };
}

/** Texts as long as nobody wants them, with what has to be escaped, and pairs of surrogates. */
const LONG = '<&>😀'.repeat(5000);
const huge = alertOf({
  name: LONG,
  group: LONG,
  labels: new Map(Array.from({ length: 100 }, (_, i) => [`label_${i}_${'x'.repeat(40)}`, LONG])),
  annotations: new Map([['summary', LONG]]),
  traces: [LONG, LONG, LONG],
});
const isWhole = (text: string): boolean => !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/.test(text);

describe('fingerprints', () => {
  it('are those of Prometheus', () => {
    // The value of an empty set is FNV's offset: 14695981039346656037.
    expect(fingerprintOf(new Map())).toBe('cbf29ce484222325');
    // From the tests of github.com/prometheus/common/model: {name="garland, briggs", fear="love is not enough"}.
    const labels = new Map([
      ['name', 'garland, briggs'],
      ['fear', 'love is not enough'],
    ]);
    expect(BigInt(`0x${fingerprintOf(labels)}`)).toBe(5799056148416392346n);
  });
});

describe('alertmanager', () => {
  it('is version 4 of its webhook', () => {
    const other = alertOf({
      labels: new Map([
        ['alertname', 'Slow'],
        ['severity', 'critical'],
      ]),
      traces: [],
    });
    const payload = JSON.parse(alertmanagerPayload([alertOf(), other]));
    expect(payload).toMatchObject({
      version: '4',
      status: 'firing',
      truncatedAlerts: 0,
      groupLabels: {},
      commonLabels: { severity: 'critical' },
      commonAnnotations: { summary: 'Cost <&> $12' },
    });
    expect(payload.alerts[0]).toEqual({
      status: 'firing',
      labels: { alertname: 'CostHigh', model: 'gpt-4o', severity: 'critical' },
      annotations: { summary: 'Cost <&> $12', traces: 't1, t2, and 4 more' },
      startsAt: '2026-02-03T09:00:00.000Z',
      endsAt: '0001-01-01T00:00:00Z',
      generatorURL: '',
      fingerprint: fingerprintOf(alertOf().labels),
    });
    expect(payload.alerts[1].annotations).toEqual({ summary: 'Cost <&> $12' });
  });

  it('takes foreign names for what they are', () => {
    const odd = alertOf({ labels: new Map([['__proto__', 'x']]) });
    expect(Object.entries(JSON.parse(alertmanagerPayload([odd])).alerts[0].labels)).toEqual([
      ['__proto__', 'x'],
    ]);
  });
});

describe('slack', () => {
  it('is a header and a section for each', () => {
    const { text, blocks } = JSON.parse(slackPayload([alertOf()]));
    expect(text).toBe('CostHigh is firing: Cost &lt;&amp;&gt; $12');
    expect(blocks[0]).toEqual({ type: 'header', text: { type: 'plain_text', text: 'CostHigh is firing' } });
    expect(blocks[1].text.text.split('\n')).toEqual([
      ':red_circle: *CostHigh* (critical)',
      'Cost &lt;&amp;&gt; $12',
      '_model=gpt-4o severity=critical_',
      'since 2026-02-03T09:00:00.000Z, traces t1, t2, and 4 more',
    ]);
  });

  it.each([1, 48, 49, 50, 51, 500])('keeps to the limits with %d alerts', (count) => {
    const { text, blocks } = JSON.parse(slackPayload(Array(count).fill(huge)));
    expect(text.length).toBeLessThanOrEqual(5 * 3000);
    expect(blocks.length).toBe(Math.min(count + 1, 50));
    expect(blocks[0].text.text.length).toBeLessThanOrEqual(150);
    for (const { text } of blocks.slice(1, 49)) {
      expect(text.text.length).toBeLessThanOrEqual(3000);
      expect(isWhole(text.text)).toBe(true);
      expect(text.text).not.toMatch(/&(?!amp;|lt;|gt;)/);
    }
    if (count > 49) expect(blocks[49].elements[0].text).toBe(`and ${count - 48} more alerts`);
  });
});

describe('pagerduty', () => {
  it('is an event that triggers', () => {
    expect(JSON.parse(pagerdutyPayload(alertOf(), 'k'))).toMatchObject({
      routing_key: 'k',
      event_action: 'trigger',
      dedup_key: fingerprintOf(alertOf().labels),
      payload: {
        summary: 'CostHigh: Cost <&> $12',
        source: 'agentobs',
        severity: 'critical',
        timestamp: '2026-02-03T09:00:00.000Z',
        component: 'gpt-4o',
        group: 'g',
        class: 'CostHigh',
        custom_details: { value: 12, traces: ['t1', 't2'], more_traces: 4 },
      },
    });
  });

  it('keeps to the limits', () => {
    const payload = JSON.parse(pagerdutyPayload({ ...huge, traces: [] }, 'k'));
    expect(payload.payload.summary).toHaveLength(1024);
    expect(isWhole(payload.payload.summary)).toBe(true);
    expect(payload.dedup_key.length).toBeLessThanOrEqual(255);
    expect(JSON.stringify(payload).length).toBeLessThan(512 * 1024);
  });
});

describe('sentry', () => {
  it('is an envelope whose lengths are right', () => {
    const [head, item, event] = sentryPayload(alertOf({ annotations: new Map([['summary', 'ä😀']]) })).split(
      '\n',
    );
    const parsed = JSON.parse(event!);
    expect(JSON.parse(item!)).toEqual({ type: 'event', length: Buffer.byteLength(event!) });
    expect(JSON.parse(head!)).toEqual({ event_id: parsed.event_id });
    expect(parsed.event_id).toMatch(/^[0-9a-f]{32}$/);
    expect(parsed).toMatchObject({
      level: 'fatal',
      message: { formatted: 'CostHigh: ä😀' },
      tags: { model: 'gpt-4o' },
    });
  });

  it('keeps to the limits of tags', () => {
    const { tags } = JSON.parse(sentryPayload(huge).split('\n')[2]!);
    for (const [name, value] of Object.entries(tags)) {
      expect(name).toMatch(/^[A-Za-z0-9_.:-]{1,32}$/);
      expect(String(value).length).toBeLessThanOrEqual(200);
    }
  });

  it.each([
    ['https://abc@o1.ingest.sentry.io/42', 'https://o1.ingest.sentry.io/api/42/envelope/'],
    ['http://abc:old@127.0.0.1:9000/below/7', 'http://127.0.0.1:9000/below/api/7/envelope/'],
  ])('knows where %s leads', (dsn, url) => {
    expect(sentryTarget(dsn)).toEqual({ url, key: 'abc' });
  });

  it.each(['', 'https://o1.ingest.sentry.io/42', 'https://abc@host/', 'ftp://a@b/1'])('refuses %s', (dsn) => {
    expect(sentryTarget(dsn)).toBeUndefined();
  });
});

describe('e-mail', () => {
  const envelope = {
    from: { name: 'Agents', address: 'agents@example.org' },
    to: [{ name: '', address: 'ops@example.org' }],
    now: 0,
  };

  it('is a message of ASCII with short lines', () => {
    const text = emailPayload(
      [alertOf({ annotations: new Map([['summary', `Kosten: 12 €${LONG}`]]) })],
      envelope,
    );
    expect(text).toMatch(/^[\x20-\x7e\r\n]*$/);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    for (const line of text.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76);
    const [head, body] = text.split('\r\n\r\n') as [string, string];
    expect(head).toContain('Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n');
    expect(head).toMatch(/^Message-ID: <[^\s<>]+@example\.org>$/m);
    const subject = /^Subject: (.*(?:\r\n .*)*)/m.exec(head)![1]!;
    const read = subject
      .split('\r\n ')
      .map((word) => Buffer.from(/^=\?utf-8\?B\?(.*)\?=$/.exec(word)![1]!, 'base64').toString())
      .join('');
    expect(read.startsWith('[agentobs] Kosten: 12 €')).toBe(true);
    const bytes = body
      .replaceAll('=\r\n', '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    expect(Buffer.from(bytes, 'latin1').toString()).toContain('Kosten: 12 €<&>😀<&>');
  });

  it('lets nobody add a header', () => {
    const odd = alertOf({ annotations: new Map([['summary', 'x\r\nBcc: all@example.org\r\n\r\nhello']]) });
    const text = emailPayload([odd], envelope);
    expect(text).not.toMatch(/^Bcc:/m);
    expect(text).toContain('Subject: [agentobs] x Bcc: all@example.org hello\r\n');
  });

  it.each([
    ['ops@example.org', 'ops@example.org'],
    ['Ops Team <ops@example.org> , a@b', 'Ops Team <ops@example.org>,\r\n a@b'],
    ['"Smith, \\"J\\" <x>" <j@example.org>', '"Smith, \\"J\\" <x>" <j@example.org>'],
    ['J. Smith <j@example.org>', '"J. Smith" <j@example.org>'],
    ['"Jörg" <j@bücher.example>', '=?utf-8?B?SsO2cmc=?= <j@xn--bcher-kva.example>'],
  ])('is for %s', (text, header) => {
    expect(emailPayload([], { ...envelope, to: mailboxesOf(text)! })).toContain(`\r\nTo: ${header}\r\n`);
  });

  it.each([
    '',
    'ops',
    'a@b,',
    '@b',
    'a@',
    'a b@c',
    'a@b c',
    '<a@b> c',
    'a@b\r\nBcc: c@d',
    'x"y <a@b>',
    'a@<b>',
    'a@[1.2.3.4]',
    'ü@b',
  ])('is for nobody called %j', (text) => {
    expect(mailboxesOf(text)).toBeUndefined();
  });
});

it('a webhook of its own has everything', () => {
  const { alerts } = JSON.parse(webhookPayload([alertOf({ value: Number.POSITIVE_INFINITY })]));
  expect(alerts[0]).toMatchObject({
    name: 'CostHigh',
    severity: 'critical',
    value: null,
    line: 3,
    traces: ['t1', 't2'],
  });
});
