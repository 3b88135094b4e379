import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export type Answer = { readonly error: string } | { readonly type: string; readonly result: unknown };

/** Whether a server of version 2.42 and promtool are here. */
export function isInstalled(): boolean {
  try {
    return execFileSync('prometheus', ['--version'], { encoding: 'utf8', stdio: 'pipe' }).includes(
      'version 2.42',
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** A Prometheus that holds these samples and scrapes nothing. */
export class Prometheus {
  readonly #folder: string;
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(folder: string, process: ChildProcess, url: string) {
    this.#folder = folder;
    this.#process = process;
    this.#url = url;
  }

  static async start(openMetrics: string): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), 'agentobs-prometheus-'));
    const samples = join(folder, 'samples.om');
    const config = join(folder, 'prometheus.yml');
    const data = join(folder, 'data');
    writeFileSync(samples, openMetrics);
    writeFileSync(config, 'global: {scrape_interval: 1h, evaluation_interval: 1m}\nscrape_configs: []\n');
    execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', '-q', samples, data], {
      stdio: 'pipe',
    });
    const port = await freePort();
    const server = spawn(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${data}`,
        '--storage.tsdb.retention.time=100y',
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=error',
      ],
      { stdio: 'ignore' },
    );
    const prometheus = new Prometheus(folder, server, `http://127.0.0.1:${port}`);
    await prometheus.#ready();
    return prometheus;
  }

  /** Times and step in milliseconds. */
  async ask(query: string, start: number, end: number, step: number): Promise<Answer> {
    const instant = start === end;
    const parameters: Record<string, string> = instant
      ? { query, time: String(start / 1000) }
      : { query, start: String(start / 1000), end: String(end / 1000), step: String(step / 1000) };
    const response = await fetch(`${this.#url}/api/v1/${instant ? 'query' : 'query_range'}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    const answer = (await response.json()) as
      | { readonly status: 'error'; readonly error: string }
      | {
          readonly status: 'success';
          readonly data: { readonly resultType: string; readonly result: unknown };
        };
    if (answer.status === 'error') return { error: answer.error };
    return { type: answer.data.resultType, result: answer.data.result };
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGKILL');
    await ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    for (let tries = 0; tries < 300; tries++) {
      const ready = await fetch(`${this.#url}/-/ready`).then(
        (response) => response.ok,
        () => false,
      );
      if (ready) return;
      await pause(100);
    }
    await this.stop();
    throw new Error('prometheus did not become ready');
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
