import { rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { dumpOf, folderOf } from '../alerts/dump.ts';
import { fakeSession } from './fake-session.ts';

const rules = {
  groups: [
    {
      name: 'g',
      rules: [
        {
          alert: 'Errors',
          expr: 'tool_errors_total > 0',
          labels: { severity: 'critical' },
          annotations: { summary: '{{ $labels.tool_name }} fails' },
        },
        { alert: 'Never', expr: 'tool_errors_total > 100' },
      ],
    },
  ],
};
const folder = folderOf({
  'dump.jsonl': dumpOf([{ end: 20 }, { end: 40, tool: 'fetch' }]),
  'rules.yml': JSON.stringify(rules),
});
afterAll(() => rmSync(folder, { recursive: true }));

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

type Request = { readonly url: string; readonly headers: IncomingMessage['headers']; readonly body: string };

/** Answers with one status after the other, the last one for ever, and with what it was asked in the body. */
async function receiver(...statuses: readonly number[]) {
  const requests: Request[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    requests.push({ url: request.url!, headers: request.headers, body });
    const status = statuses[Math.min(requests.length, statuses.length) - 1]!;
    response
      .writeHead(status, { location: '/elsewhere' })
      .end(`no\u001b[31m to ${request.url} ${body.slice(0, 60)}`);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

async function notify(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { session, stdout, stderr } = fakeSession({ env });
  const named = ['--rules', join(folder, 'rules.yml'), join(folder, 'dump.jsonl')];
  const code = await runProgram(
    ['alerts', 'notify', '--no-config', ...args, ...named],
    session,
    () => 'test',
  );
  await new Promise(setImmediate);
  return { code, stdout: stdout(), stderr: stderr() };
}

const SECRET = 'T0SECRET/B0SECRET/xyzzy-secret';

describe('alerts notify', () => {
  it('answers as alerts check does, and hands over what fires', async () => {
    const { address, requests } = await receiver(200);
    const url = `http://${address}/services/${SECRET}`;
    const { code, stdout, stderr } = await notify({ AGENTOBS_SLACK_WEBHOOK: url }, '--to', 'slack');
    expect(code).toBe(1);
    expect(stdout).toContain('2 firing');
    expect(stderr).toContain('handed to slack: 2 alerts\n');
    expect(requests.map(({ url }) => url)).toEqual([`/services/${SECRET}`]);
    expect(requests[0]!.headers['content-type']).toBe('application/json');
    expect(JSON.parse(requests[0]!.body).text).toContain('search fails');
    expect(stdout + stderr).not.toContain('SECRET');
  });

  it('sends an event for each where that is the custom', async () => {
    const { address, requests } = await receiver(202);
    const env = {
      AGENTOBS_PAGERDUTY_KEY: 'pd-secret-key',
      AGENTOBS_PAGERDUTY_URL: `http://${address}/v2/enqueue`,
      AGENTOBS_SENTRY_DSN: `http://sentrykey@${address}/42`,
    };
    const { stderr } = await notify(env, '--to', 'pagerduty', '--to', 'sentry');
    expect(stderr).toContain('handed to pagerduty: 2 alerts\nhanded to sentry: 2 alerts\n');
    expect(requests.map(({ url }) => url)).toEqual([
      ...Array(2).fill('/v2/enqueue'),
      ...Array(2).fill('/api/42/envelope/'),
    ]);
    expect(JSON.parse(requests[0]!.body).routing_key).toBe('pd-secret-key');
    expect(requests[2]!.headers['x-sentry-auth']).toContain('sentry_key=sentrykey');
    expect(JSON.parse(requests[2]!.body.split('\n')[2]!).tags.alertname).toBe('Errors');
  });

  it('takes user and password of an address as such', async () => {
    const { address, requests } = await receiver(200);
    const env = { AGENTOBS_ALERTMANAGER_WEBHOOK: `http://ana:pass%20word@${address}/hook` };
    await notify(env, '--to', 'alertmanager');
    expect(requests[0]!.headers.authorization).toBe(
      `Basic ${Buffer.from('ana:pass word').toString('base64')}`,
    );
    expect(JSON.parse(requests[0]!.body).alerts).toHaveLength(2);
  });

  it('tries three times where that may help', async () => {
    const { address, requests } = await receiver(503, 429, 200);
    const { code, stderr } = await notify({ AGENTOBS_WEBHOOK_URL: `http://${address}/` }, '--to', 'webhook');
    expect([code, requests.length]).toEqual([1, 3]);
    expect(stderr).toContain('handed to webhook: 2 alerts');
  });

  it.each([
    [500, 3],
    [404, 1],
    [302, 1],
  ])('warns of %d and keeps the exit code, without a secret', async (status, tries) => {
    const { address, requests } = await receiver(status);
    const env = { AGENTOBS_SLACK_WEBHOOK: `http://${address}/services/${SECRET}` };
    const { code, stdout, stderr } = await notify(env, '--to', 'slack');
    expect([code, requests.length]).toEqual([1, tries]);
    expect(stdout).toContain('2 firing');
    expect(stderr).toContain(`agentobs: warning: not handed to slack: ${address}: answered ${status}: no`);
    expect(stdout + stderr).not.toMatch(/SECRET|xyzzy|\u001b/);
  });

  it('hides a key that the receiver repeats', async () => {
    const { address } = await receiver(400);
    const env = { AGENTOBS_PAGERDUTY_KEY: 'pd-secret-key', AGENTOBS_PAGERDUTY_URL: `http://${address}/` };
    const { code, stderr } = await notify(env, '--to', 'pagerduty');
    expect(code).toBe(1);
    expect(stderr).toContain('[redacted]');
    expect(stderr).not.toContain('pd-secret');
  });

  it('warns that nobody listens', async () => {
    const { address } = await receiver(200);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    const { code, stderr } = await notify({ AGENTOBS_WEBHOOK_URL: `http://${address}/x` }, '--to', 'webhook');
    expect(code).toBe(1);
    expect(stderr).toContain(
      `warning: not handed to webhook: ${address}: nobody listens there (tried 3 times)`,
    );
  });

  it.each([
    ['slack', 'AGENTOBS_SLACK_WEBHOOK is not set'],
    ['pagerduty', 'AGENTOBS_PAGERDUTY_KEY is not set'],
    ['sentry', 'AGENTOBS_SENTRY_DSN is not set'],
    ['email', 'AGENTOBS_SMTP_URL is not set'],
    ['slak', "Did you mean 'slack'?"],
  ])('says what is missing for %s', async (name, said) => {
    const { code, stderr } = await notify({}, '--to', name);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });

  it.each([
    ['slack', { AGENTOBS_SLACK_WEBHOOK: 'hooks.slack.com/SECRET' }],
    ['sentry', { AGENTOBS_SENTRY_DSN: 'https://SECRET' }],
    ['pagerduty', { AGENTOBS_PAGERDUTY_KEY: 'x', AGENTOBS_PAGERDUTY_URL: 'file:///SECRET' }],
  ])('refuses what is no address for %s, and does not repeat it', async (name, env) => {
    const { code, stderr } = await notify(env as Record<string, string>, '--to', name);
    expect(code).toBe(2);
    expect(stderr).toMatch(/not an address|not a DSN/);
    expect(stderr).not.toContain('SECRET');
  });

  it('sends nothing where nothing fires, and nothing to nobody', async () => {
    const { address, requests } = await receiver(200);
    const env = { AGENTOBS_WEBHOOK_URL: `http://${address}/` };
    const { code, stderr } = await notify(env, '--to', 'webhook', '--where', 'tool=none');
    expect([code, requests.length]).toEqual([0, 0]);
    expect(stderr).toContain('nothing fires: nothing is sent');
    expect((await notify(env)).code).toBe(2);
  });
});

describe('--dry-run', () => {
  it.each(['slack', 'pagerduty', 'alertmanager', 'webhook', 'sentry'])(
    'prints what %s would get, and needs and shows no secret',
    async (name) => {
      const { address, requests } = await receiver(200);
      const env = { AGENTOBS_PAGERDUTY_KEY: 'pd-secret', AGENTOBS_WEBHOOK_URL: `http://${address}/SECRET` };
      for (const known of [{}, env]) {
        const { code, stdout } = await notify(known, '--to', name, '--dry-run');
        expect(code).toBe(1);
        const parts = stdout
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
        expect(parts.length).toBe({ pagerduty: 2, sentry: 6 }[name] ?? 1);
        expect(stdout).toContain('search fails');
        expect(stdout).not.toMatch(/secret/i);
      }
      expect(requests).toEqual([]);
    },
  );

  it('prints an e-mail', async () => {
    const { code, stdout } = await notify(
      { AGENTOBS_EMAIL_TO: 'ops@example.org' },
      '--to',
      'email',
      '--dry-run',
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^From: agentobs@localhost\r\nTo: ops@example.org\r\nSubject: \[agentobs\] 2 alerts are firing\r\n/,
    );
  });
});
