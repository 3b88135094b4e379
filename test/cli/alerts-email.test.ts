import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { mail } from '../../src/cli/notify/mail.ts';
import { runProgram } from '../../src/cli/program.ts';
import { dumpOf, folderOf } from '../alerts/dump.ts';
import { fakeSession } from './fake-session.ts';
import { type SmtpServer, smtpServer } from './smtp-server.ts';

const rules = {
  groups: [
    {
      name: 'g',
      rules: [
        {
          alert: 'Errors',
          expr: 'tool_errors_total > 0',
          labels: { severity: 'critical', team: 'a\r\nBcc: all@example.org' },
          annotations: {
            summary: '{{ $labels.tool_name }} fails\r\nBcc: all@example.org\r\n.\r\nMAIL FROM:<x@y>',
          },
        },
      ],
    },
  ],
};
const folder = folderOf({
  'dump.jsonl': dumpOf([{ end: 20 }]),
  'rules.yml': JSON.stringify(rules),
});
afterAll(() => rmSync(folder, { recursive: true }));

const servers: SmtpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serverOf(...behaviour: Parameters<typeof smtpServer>): Promise<SmtpServer> {
  const server = await smtpServer(...behaviour);
  servers.push(server);
  return server;
}

const PASSWORD = 'xyzzy secret/1';
const ENVELOPE = {
  AGENTOBS_EMAIL_FROM: 'Agents <agents@example.org>',
  AGENTOBS_EMAIL_TO: 'ops@example.org, "Müller, Jörg" <joerg@bücher.example>',
};

async function email(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { session, stdout, stderr } = fakeSession({ env: { ...ENVELOPE, ...env } });
  const named = ['--rules', join(folder, 'rules.yml'), join(folder, 'dump.jsonl')];
  const code = await runProgram(
    ['alerts', 'notify', '--no-config', '--to', 'email', ...args, ...named],
    session,
    () => 'test',
  );
  await new Promise(setImmediate);
  return { code, stdout: stdout(), stderr: stderr() };
}

const at = ({ port }: SmtpServer, host = '127.0.0.1') => ({ AGENTOBS_SMTP_URL: `smtp://${host}:${port}` });
const login = { AGENTOBS_SMTP_USER: 'ana', AGENTOBS_SMTP_PASSWORD: PASSWORD };
/** This machine too, but by no name that says so. */
const ELSEWHERE = '0.0.0.0';

describe('alerts notify --to email', () => {
  it('sends what fires to everybody named', async () => {
    const server = await serverOf();
    const { code, stdout, stderr } = await email(at(server));
    expect(stderr).toContain('handed to email: 1 alert\n');
    expect([code, stdout.includes('1 firing')]).toEqual([1, true]);
    expect(server.letters).toHaveLength(1);
    const { from, to, text } = server.letters[0]!;
    expect([from, ...to]).toEqual(['agents@example.org', 'ops@example.org', 'joerg@xn--bcher-kva.example']);
    expect(text).toContain('From: Agents <agents@example.org>\r\nTo: ops@example.org,\r\n =?utf-8?B?');
    expect(text).toMatch(/^[\x20-\x7e\r\n]*$/);
    expect(text.split('\r\n\r\n', 2)[1]).toContain('Errors (critical)\r\n');
    await expect.poll(() => server.commands.at(-1)).toBe('QUIT');
  });

  it('lets no label begin a header or a command', async () => {
    const server = await serverOf();
    await email(at(server));
    const { text, to } = server.letters[0]!;
    expect(text).toMatch(/^Subject: \[agentobs\] search fails Bcc: all@example.org \. MAIL FROM:<x@y>\r$/m);
    expect(text).not.toMatch(/^(?:Bcc|MAIL|\.)/m);
    expect(to).toHaveLength(2);
    expect(server.commands.filter((command) => command.startsWith('MAIL'))).toHaveLength(1);
  });

  it('takes TLS where it is offered, and says user and password in it', async () => {
    const server = await serverOf({ startTls: true });
    const { stderr } = await email({ ...at(server), ...login });
    expect(stderr).toContain('handed to email: 1 alert\n');
    expect(server.letters[0]!.isSecure).toBe(true);
    const sent = Buffer.from(`\0ana\0${PASSWORD}`).toString('base64');
    expect(server.commands.filter((command) => command.includes('AUTH'))).toEqual([`tls AUTH PLAIN ${sent}`]);
  });

  it('takes user and password from the address', async () => {
    const server = await serverOf();
    const url = `smtp://ana:${encodeURIComponent(PASSWORD)}@127.0.0.1:${server.port}`;
    await email({ AGENTOBS_SMTP_URL: url });
    const sent = Buffer.from(`\0ana\0${PASSWORD}`).toString('base64');
    expect(server.commands).toContain(`AUTH PLAIN ${sent}`);
  });

  it('sends a password without TLS to this machine only, or where that is allowed', async () => {
    const server = await serverOf();
    const elsewhere = { ...at(server, ELSEWHERE), ...login };
    const { code, stderr } = await email(elsewhere);
    expect(code).toBe(1);
    expect(stderr).toContain(`warning: not handed to email: 0.0.0.0:${server.port}: offers no TLS`);
    expect(server.commands.some((command) => command.includes('AUTH'))).toBe(false);
    await email({ ...elsewhere, AGENTOBS_SMTP_ALLOW_PLAINTEXT: '1' });
    expect(server.letters).toHaveLength(1);
  });

  it('says nothing to who cannot prove who he is', async () => {
    const server = await serverOf({ startTls: true });
    const { stderr } = await email({ ...at(server, ELSEWHERE), ...login });
    expect(stderr).toMatch(/warning: not handed to email: 0\.0\.0\.0:\d+: .*certificate/);
    expect(server.commands.some((command) => command.startsWith('tls'))).toBe(false);
  });

  it('tries again after a temporary refusal', async () => {
    const busy = await serverOf({
      answer: (line, before) => (line === '.' && before === 0 ? '451 busy' : undefined),
    });
    const { code, stderr } = await email(at(busy));
    expect(stderr).toContain('handed to email: 1 alert\n');
    expect([code, busy.letters.length]).toEqual([1, 1]);
    expect(busy.commands.filter((command) => command === 'DATA')).toHaveLength(2);
  });

  it.each([
    ['a message', '.', '554 5.7.1 spam: \u001b[31m no', 1],
    ['a sender', 'MAIL', '550 who are you', 1],
    ['a password', 'AUTH', `535 not ${PASSWORD} ${Buffer.from(`\0ana\0${PASSWORD}`).toString('base64')}`, 1],
    ['everybody', 'RCPT', '450 later', 3],
    ['a stranger', 'CONNECT', '421 too many', 3],
  ])('warns of a server that refuses %s', async (_, verb, answer, tries) => {
    const server = await serverOf({ answer: (line) => (line.split(' ')[0] === verb ? answer : undefined) });
    const { code, stdout, stderr } = await email({ ...at(server), ...login });
    expect([code, server.letters.length]).toEqual([1, 0]);
    expect(stdout).toContain('1 firing');
    const tried = tries === 1 ? '\n' : ` (tried ${tries} times)\n`;
    expect(stderr).toContain(
      `warning: not handed to email: 127.0.0.1:${server.port}: answered ${answer.slice(0, 7)}`,
    );
    expect(stderr.endsWith(tried)).toBe(true);
    expect(stdout + stderr).not.toMatch(/xyzzy|\u001b/);
    expect(stderr).not.toContain(Buffer.from(`\0ana\0${PASSWORD}`).toString('base64'));
  });

  it('says who did not get it, and sends it to nobody twice', async () => {
    const server = await serverOf({ answer: (line) => (line.includes('<ops@') ? '550 unknown' : undefined) });
    const { stderr } = await email(at(server));
    expect(stderr).toContain('took it, but not for ops@example.org: answered 550 unknown\n');
    expect(server.letters.map(({ to }) => to)).toEqual([['joerg@xn--bcher-kva.example']]);
  });

  it('warns that nobody listens', async () => {
    const server = await serverOf();
    await servers.pop()!.close();
    const { code, stderr } = await email(at(server));
    expect(code).toBe(1);
    expect(stderr).toContain(`127.0.0.1:${server.port}: nobody listens there (tried 3 times)`);
  });

  it.each(['CONNECT', 'EHLO', '.'])('does not wait for ever where %s is not answered', async (verb) => {
    const { port } = await serverOf({ answer: (line) => (line.split(' ')[0] === verb ? '' : undefined) });
    const server = { host: '127.0.0.1', port, tls: false, login: undefined, plaintext: false };
    const message = { server, from: 'a@b.c', to: ['d@e.f'], text: 'Subject: x\r\n\r\nx\r\n', secrets: [] };
    const start = performance.now();
    const failure = await mail(message, new AbortController().signal, 100);
    expect(failure).toEqual({ message: 'no answer in 15 seconds', again: true });
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it.each([
    ['AGENTOBS_SMTP_URL is not set', { AGENTOBS_SMTP_URL: '' }],
    ['AGENTOBS_EMAIL_TO is not set', { AGENTOBS_EMAIL_TO: '' }],
    ['AGENTOBS_EMAIL_FROM is not set', { AGENTOBS_EMAIL_FROM: ' ' }],
    ['AGENTOBS_SMTP_PASSWORD is not set', { AGENTOBS_SMTP_USER: 'ana' }],
    ['AGENTOBS_SMTP_USER is not set', { AGENTOBS_SMTP_PASSWORD: 'xyzzy' }],
    ['AGENTOBS_SMTP_URL: not an address of a mail server', { AGENTOBS_SMTP_URL: 'https://mail.test' }],
    [
      'AGENTOBS_SMTP_URL: not an address of a mail server',
      { AGENTOBS_SMTP_URL: 'smtp://ana:1#xyzzy@mail.test' },
    ],
    [
      'AGENTOBS_EMAIL_TO: not an address for mail',
      { AGENTOBS_EMAIL_TO: 'ops@example.org\nBcc: all@example.org' },
    ],
    ['AGENTOBS_EMAIL_TO: not an address for mail', { AGENTOBS_EMAIL_TO: 'ops' }],
    ['AGENTOBS_EMAIL_FROM: one address sends', { AGENTOBS_EMAIL_FROM: 'a@b.c, d@e.f' }],
  ])('says before it reads anything: %s', async (said, env) => {
    const { code, stdout, stderr } = await email({ AGENTOBS_SMTP_URL: 'smtp://mail.test', ...env });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('xyzzy');
  });

  it('prints the message with --dry-run, and sends nothing', async () => {
    const server = await serverOf();
    const { code, stdout, stderr } = await email({ ...at(server), ...login }, '--dry-run');
    expect(code).toBe(1);
    expect(stdout).toContain('From: Agents <agents@example.org>\r\n');
    expect(stdout).toContain('Errors (critical)\r\n');
    expect(stdout + stderr).not.toContain('xyzzy');
    expect(server.commands).toEqual([]);
  });
});
