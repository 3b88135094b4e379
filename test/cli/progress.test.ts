import { describe, expect, it } from 'vitest';
import { createProgress, type Spinner, watched } from '../../src/cli/progress.ts';
import { EVERYTHING, type SpanSource } from '../../src/model/index.ts';
import { fakeSession } from './fake-session.ts';

type Screen = { terminal?: boolean; quiet?: boolean; columns?: number; env?: Record<string, string> };

/** A terminal whose time is what the test says, and all that was written on it, one after the other. */
function screen({ terminal = true, quiet = false, columns = 80, env = {} }: Screen = {}) {
  const { session } = fakeSession();
  const stderr = Object.assign(session.stderr, { isTTY: terminal, columns });
  const lines: string[] = [];
  let time = 1_000;
  const spinner = async (_: unknown, first: string): Promise<Spinner> => {
    lines.push(first);
    const line = { text: first, render: () => lines.push(line.text), stop: () => lines.push('') };
    return line;
  };
  const progress = createProgress({ stderr, env }, quiet, { now: () => time, spinner });
  return {
    lines,
    progress,
    /** So many milliseconds go by; whatever waits for the event loop gets its turn. */
    pass: async (ms: number) => {
      time += ms;
      await new Promise(setImmediate);
    },
  };
}

const MB = 1_000_000;

describe('progress', () => {
  it('tells bytes, share, rate and what is left', async () => {
    const { lines, progress, pass } = screen();
    progress.step('reading');
    await pass(500);
    progress.report(100 * MB, 1000 * MB);
    await pass(1500);
    progress.report(400 * MB, 1000 * MB);
    await pass(2000);
    progress.report(999.6 * MB, 1000 * MB);
    expect(lines).toEqual([
      'reading 100 MB of 1.0 GB (10%) at 200 MB/s, 5 s left',
      'reading 400 MB of 1.0 GB (40%) at 200 MB/s, 3 s left',
      'reading 1.0 GB of 1.0 GB (99%) at 250 MB/s, 1 s left',
    ]);
  });

  it('tells of long waits in minutes and hours', async () => {
    const { lines, progress, pass } = screen();
    await pass(1000);
    progress.report(10 * MB, 1000 * MB);
    await pass(1000);
    progress.report(10 * MB, 100_000 * MB);
    expect(lines.map((line) => line.split(', ')[1])).toEqual(['1 min 39 s left', '5 h 33 min left']);
  });

  it('knows no end of a pipe, and none of a file that grows while it is read', async () => {
    const { lines, progress, pass } = screen();
    await pass(1000);
    progress.report(20 * MB, undefined);
    await pass(1000);
    progress.report(60 * MB, 50 * MB);
    expect(lines).toEqual(['reading 20 MB at 20 MB/s', 'reading 60 MB at 30 MB/s']);
  });

  it('shows nothing of what is quickly read, or nearly is', async () => {
    const { lines, progress, pass } = screen();
    await pass(299);
    progress.report(500 * MB, 1000 * MB);
    progress.step('assembling traces');
    await pass(1);
    progress.report(600 * MB, 1000 * MB);
    expect(lines).toEqual([]);
    progress.stop();
    await pass(1000);
    expect(lines).toEqual([]);
  });

  it('writes no more often than a spinner turns', async () => {
    const { lines, progress, pass } = screen();
    await pass(1000);
    for (let i = 1; i <= 400; i++) {
      progress.report(i * MB, 1000 * MB);
      await pass(1);
    }
    expect(lines).toHaveLength(5);
  });

  it('says what is done when it is no longer reading, and counts anew', async () => {
    const { lines, progress, pass } = screen();
    await pass(1000);
    progress.report(10 * MB, 100 * MB);
    await pass(1);
    progress.step('assembling traces');
    await pass(1000);
    progress.step('reading details');
    await pass(1000);
    progress.report(50 * MB, 100 * MB);
    progress.stop();
    expect(lines.slice(1)).toEqual([
      'assembling traces',
      'reading details',
      'reading details 50 MB of 100 MB (50%) at 50 MB/s, 1 s left',
      '',
    ]);
  });

  it('lets go of a spinner that is loaded too late', async () => {
    const { lines, progress, pass } = screen();
    await pass(1000);
    progress.report(10 * MB, 100 * MB);
    progress.stop();
    await pass(1);
    expect(lines).toEqual(['reading 10 MB of 100 MB (10%) at 10 MB/s, 9 s left', '']);
  });

  it('knows neither rate nor end before the first byte', async () => {
    const { lines, progress, pass } = screen();
    await pass(1000);
    progress.report(0, 100 * MB);
    expect(lines).toEqual(['reading 0 MB at 0 MB/s']);
  });

  it('does not begin for what follows a quick read', async () => {
    const { lines, progress, pass } = screen();
    await pass(400);
    progress.step('assembling traces');
    await pass(400);
    expect(lines).toEqual([]);
  });

  it('stays within a line', async () => {
    const { lines, progress, pass } = screen({ columns: 30 });
    await pass(1000);
    progress.report(10 * MB, 1000 * MB);
    expect(lines).toEqual(['reading 10 MB of 1.0 GB (1%']);
  });

  it.each<[string, Screen]>([
    ['stderr is no terminal', { terminal: false }],
    ['it is to be quiet', { quiet: true }],
    ['the terminal is a dumb one', { env: { TERM: 'dumb' } }],
    ['the terminal has no width', { columns: 0 }],
  ])('is silent where %s', async (_, at) => {
    const { lines, progress, pass } = screen(at);
    await pass(5000);
    progress.step('reading');
    progress.report(10 * MB, 1000 * MB);
    await pass(1);
    progress.stop();
    expect(lines).toEqual([]);
  });
});

describe('a watched source', () => {
  const nobody = {
    span: () => undefined,
    log: () => undefined,
    skip: () => undefined,
    warn: () => undefined,
  };

  it('tells of both reads and of what is made of them, and answers as it would unwatched', async () => {
    const steps: string[] = [];
    const progress = {
      step: (doing: string) => void steps.push(doing),
      report: () => undefined,
      stop: () => undefined,
    };
    const infos = [{ name: 'a', format: undefined, bytes: 1, spans: 0, logs: 0, skipped: 0 }];
    const source: SpanSource = { read: async () => infos, reread: async (rows) => rows.length === 1 };
    const seen = watched(source, progress);
    expect(await seen.read(nobody, EVERYTHING)).toBe(infos);
    expect(await seen.reread!([4], nobody, EVERYTHING)).toBe(true);
    expect(await seen.reread!([], nobody, EVERYTHING)).toBe(false);
    expect(await seen.read(nobody, EVERYTHING)).toBe(infos);
    expect(steps).toEqual([
      'reading',
      'assembling traces',
      'reading details',
      'writing the answer',
      'reading details',
      'writing the answer',
      'reading details',
      'writing the answer',
    ]);
    expect(watched({ read: source.read }, progress)).not.toHaveProperty('reread');
  });
});
