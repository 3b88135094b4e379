import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runProgram } from '../../src/cli/program.ts';
import { pushTarget } from '../../src/cli/push-metrics.ts';
import { inProcess } from '../answer.ts';
import { fakeSession } from '../cli/fake-session.ts';

const SHOP = 'fixtures/demo/shop.jsonl';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

type Request = {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

/** A gateway that answers with one status after the other, the last one for ever, and what it was asked. */
async function gateway(...statuses: readonly number[]) {
  const requests: Request[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    requests.push({ method: request.method, url: request.url, headers: request.headers, body });
    response
      .writeHead(statuses[Math.min(requests.length, statuses.length) - 1]!)
      .end('pushed metrics are odd\n');
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

const push = (url: string, ...more: readonly string[]) =>
  inProcess(['metrics', '--no-config', SHOP, '--push', url, ...more]);

describe('--push', () => {
  it('puts the text in place of the group of its job', async () => {
    const { address, requests } = await gateway(202);
    const { code, stdout, stderr } = await push(`http://ana:s%20cret@${address}/`, '--label', 'job=a/b');
    expect([code, stdout]).toEqual([0, '']);
    expect(stderr).toContain(`pushed to http://${address}/metrics/job@base64/YS9i\n`);
    expect(stderr).not.toContain('cret');
    const [{ method, url, headers, body }] = requests as [Request];
    expect([method, url]).toEqual(['PUT', '/metrics/job@base64/YS9i']);
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(headers.authorization).toBe(`Basic ${Buffer.from('ana:s cret').toString('base64')}`);
    expect(body).toContain('llm_cost_total{provider="openai",model="gpt-4o-mini",job="a/b"} 0.00075\n');
  });

  it('tries again where that may help', async () => {
    const { address, requests } = await gateway(503, 429, 200);
    expect((await push(`http://${address}`)).code).toBe(0);
    expect(requests.map(({ url }) => url)).toEqual(Array(3).fill('/metrics/job/agentobs'));
  });

  it('does not where it cannot, and says what the gateway said', async () => {
    const { address, requests } = await gateway(400);
    const { code, stderr } = await push(`http://${address}`);
    expect([code, requests.length]).toEqual([2, 1]);
    expect(stderr).toContain('the gateway answered 400: pushed metrics are odd');
  });

  it('says that nobody is there', async () => {
    const { address } = await gateway(200);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    const { code, stderr } = await push(`http://${address}`);
    expect(code).toBe(2);
    expect(stderr).toContain('nobody listens there (tried 3 times)');
    expect(stderr).toContain(`Is a Pushgateway running at ${address}?`);
  });

  it.each(['nonsense', 'ftp://host/', 'file:///etc/passwd'])('refuses %s', async (url) => {
    const { code, stderr } = await push(url);
    expect(code).toBe(2);
    expect(stderr).toContain(`--push '${url}': not an address`);
  });

  it('takes an address with its group as it is', () => {
    const labels = [['instance', 'x y'] as const];
    const own = 'https://gateway.example/metrics/job/nightly/team/a';
    expect(pushTarget(own, labels).shown).toBe(own);
    expect(pushTarget('http://g/below', labels).shown).toBe(
      'http://g/below/metrics/job/agentobs/instance/x%20y',
    );
  });

  it('is one answer', async () => {
    const { code, stderr } = await push('http://127.0.0.1:1', '--serve', '0');
    expect(code).toBe(2);
    expect(stderr).toContain('--push and --serve are two answers');
  });
});

/** The program serving on a free port until `stop`. */
async function serving() {
  const interrupt = new AbortController();
  const { session, stderr } = fakeSession({ interrupted: interrupt.signal });
  const ended = runProgram(['metrics', '--no-config', SHOP, '--serve', '0'], session, () => 'test');
  let address: string | undefined;
  while (address === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    address = /serving (http:\S+)/.exec(stderr())?.[1];
  }
  return {
    address,
    stop: () => {
      interrupt.abort();
      return ended;
    },
  };
}

describe('--serve', () => {
  it('answers scrapes on this machine until Ctrl-C, in the format they ask for', async () => {
    const { address, stop } = await serving();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const plain = await fetch(address);
    expect(plain.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await plain.text()).toContain('tool_calls_total{tool_name="charge",status="error"} 1\n');
    // As Prometheus 2.42 asks.
    const accept =
      'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
    const open = await fetch(address, { headers: { accept } });
    expect(open.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    expect(await open.text()).toMatch(/\n# EOF\n$/);
    const dearer = await fetch(address, {
      headers: { accept: 'application/openmetrics-text;q=0.2, text/plain' },
    });
    expect(dearer.headers.get('content-type')).toMatch(/^text\/plain/);
    await dearer.text();
    expect((await fetch(address, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(address, { method: 'POST' })).status).toBe(405);
    expect((await fetch(new URL('/', address))).status).toBe(404);
    expect(await stop()).toBe(0);
    await expect(fetch(address)).rejects.toThrow();
  });

  it('says that something else listens', async () => {
    const { address } = await gateway(200);
    const { code, stderr } = await inProcess([
      'metrics',
      '--no-config',
      SHOP,
      '--serve',
      address.split(':')[1]!,
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('something else listens there');
  });

  it.each(['x', '70000', '-1'])('refuses the port %s', async (port) => {
    const { code, stderr } = await inProcess(['metrics', '--no-config', SHOP, `--serve=${port}`]);
    expect(code).toBe(2);
    expect(stderr).toContain('not a port');
  });
});
