import type { SpanSource } from '../model/index.ts';
import type { Session } from './session.ts';
import { wantsColor } from './terminal.ts';

/** Quick answers show nothing; the rest is not waited for in the dark. */
const PATIENCE_MS = 300;
/** As often as a spinner turns. Whoever reads keeps the event loop busy, so no timer can be relied on to turn it. */
const TURN_MS = 80;

/** What is done at the moment, for whoever waits. */
export type Progress = {
  /** Something else is done from now on. Bytes are counted anew. */
  readonly step: (doing: string) => void;
  /** Bytes of this step so far, and how many there are where that is known. */
  readonly report: (bytes: number, total: number | undefined) => void;
  readonly stop: () => void;
};

/** A line on a terminal that can be written again and again. */
export type Spinner = { text: string; readonly render: () => unknown; readonly stop: () => unknown };

type Surroundings = {
  /** Milliseconds, from whenever. */
  readonly now: () => number;
  readonly spinner: (terminal: NodeJS.WriteStream, text: string, color: boolean) => Promise<Spinner>;
};

/**
 * A spinner on stderr that says what is done, how far it is and how long it will take, on a terminal only. It is loaded
 * when it is first needed, and not for what is nearly done.
 */
export function createProgress(
  { stderr, env }: Pick<Session, 'stderr' | 'env'>,
  quiet: boolean,
  { now, spinner: load }: Surroundings = { now: Date.now, spinner: oraSpinner },
): Progress {
  if (quiet || stderr.isTTY !== true || env['TERM'] === 'dumb') return SILENT;
  // A terminal that says it is 0 columns wide, as some CI systems have it, would be cleared line by line for ever.
  if (stderr.columns === 0) return SILENT;
  const began = now();
  let spinner: Spinner | 'loading' | 'stopped' | undefined;
  let step = { doing: 'reading', since: began };
  let shown = Number.NEGATIVE_INFINITY;
  const show = (text: string, time: number): void => {
    shown = time;
    const fitted = text.slice(0, Math.max(1, (stderr.columns || 80) - 3));
    if (spinner === undefined) {
      spinner = 'loading';
      void load(stderr, fitted, wantsColor('auto', env, true)).then((loaded) => {
        if (spinner === 'stopped') loaded.stop();
        else spinner = loaded;
      });
    } else if (typeof spinner === 'object') {
      spinner.text = fitted;
      spinner.render();
    }
  };
  return {
    step: (doing) => {
      const time = now();
      step = { doing, since: time };
      // What follows may keep the event loop from loading one.
      if (typeof spinner === 'object') show(doing, time);
    },
    report: (bytes, total) => {
      const time = now();
      if (time - began < PATIENCE_MS || time - shown < TURN_MS) return;
      const elapsed = time - step.since;
      const left = total === undefined || bytes === 0 ? undefined : ((total - bytes) / bytes) * elapsed;
      if (spinner === undefined && left !== undefined && left < PATIENCE_MS) return;
      show(`${step.doing} ${howFar(bytes, total, elapsed, left)}`, time);
    },
    stop: () => {
      if (typeof spinner === 'object') spinner.stop();
      spinner = 'stopped';
    },
  };
}

const SILENT: Progress = { step: () => undefined, report: () => undefined, stop: () => undefined };

/** The same source. Whoever waits is told when it is read, and when something is made of what was read. */
export function watched(source: SpanSource, progress: Progress): SpanSource {
  const { reread } = source;
  let reads = 0;
  const watching = async <T>(doing: string, reading: () => Promise<T>): Promise<T> => {
    progress.step(doing);
    const result = await reading();
    progress.step(reads++ === 0 ? 'assembling traces' : 'writing the answer');
    return result;
  };
  return {
    read: (...asked) => watching(reads === 0 ? 'reading' : 'reading details', () => source.read(...asked)),
    ...(reread && { reread: (...asked) => watching('reading details', () => reread(...asked)) }),
  };
}

async function oraSpinner(stream: NodeJS.WriteStream, text: string, color: boolean): Promise<Spinner> {
  const { default: ora } = await import('ora');
  // Standard input may be what is being read: leave it alone.
  return ora({ stream, text, color: color && 'cyan', isEnabled: true, discardStdin: false }).start();
}

/** `450 MB of 1.0 GB (45%) at 900 MB/s, 1 s left`. */
function howFar(bytes: number, total: number | undefined, elapsed: number, left: number | undefined): string {
  const rate = elapsed > 0 ? ` at ${size((bytes / elapsed) * 1000)}/s` : '';
  // What is read while it is written has no end that is known.
  if (total === undefined || left === undefined || bytes > total) return `${size(bytes)}${rate}`;
  const share = Math.floor((bytes / total) * 100);
  return `${size(bytes)} of ${size(total)} (${share}%)${rate}, ${waiting(left)} left`;
}

const size = (bytes: number): string =>
  bytes < 999.5e6 ? `${(bytes / 1e6).toFixed(0)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

function waiting(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
