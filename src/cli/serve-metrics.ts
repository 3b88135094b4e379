import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Report, UserError } from '../model/index.ts';
import type { Session } from './session.ts';

const HOST = '127.0.0.1';
const TYPES = {
  prometheus: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
} as const;

type Exposition = NonNullable<Report['exposition']>;

/** Answers scrapes on this machine alone until Ctrl-C; says on stderr where. Port 0 takes a free one. */
export async function serveMetrics(port: number, exposition: Exposition, session: Session): Promise<void> {
  const server = createServer((request, response) => {
    void respond(request, response, exposition);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(refusal(port, cause)));
    server.listen(port, HOST, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  session.stderr.write(`serving http://${HOST}:${taken}/metrics until Ctrl-C\n`);
  if (!session.interrupted.aborted)
    await new Promise((resolve) => session.interrupted.addEventListener('abort', resolve, { once: true }));
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  exposition: Exposition,
): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  const plain = (status: number, text: string, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${text}\n`);
  };
  if (path !== '/metrics') return plain(404, 'only /metrics is here');
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return plain(405, 'GET and HEAD only', { allow: 'GET, HEAD' });
  const format = wanted(request.headers.accept ?? '');
  response.writeHead(200, { 'content-type': TYPES[format], vary: 'accept' });
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  try {
    await pipeline(Readable.from(exposition[format]()), response);
  } catch {
    // Whoever asked has gone away.
    response.destroy();
  }
}

/** OpenMetrics for whoever names it and likes it no less than plain text, as Prometheus does. */
function wanted(accept: string): keyof typeof TYPES {
  let [open, plain] = [0, 0];
  for (const one of accept.split(',')) {
    const [type = '', ...parameters] = one.split(';').map((part) => part.trim().toLowerCase());
    const weight = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1);
    if (type === 'application/openmetrics-text' && isKnownVersion(parameters)) open = Math.max(open, weight);
    if (type === 'text/plain' && weight > plain) plain = weight;
  }
  return open > 0 && open >= plain ? 'openmetrics' : 'prometheus';
}

function isKnownVersion(parameters: readonly string[]): boolean {
  const version = parameters.find((part) => part.startsWith('version='))?.slice('version='.length);
  return version === undefined || version === '1.0.0' || version === '0.0.1';
}

function refusal(port: number, cause: NodeJS.ErrnoException): UserError {
  if (cause.code === 'EADDRINUSE')
    return new UserError(`--serve ${port}: something else listens there`, {
      cause,
      hint: 'Choose another port; 0 takes a free one.',
    });
  if (cause.code === 'EACCES')
    return new UserError(`--serve ${port}: the system keeps this port to itself`, {
      cause,
      hint: 'Choose one from 1024.',
    });
  return new UserError(`--serve ${port}: ${cause.message}`, { cause });
}
