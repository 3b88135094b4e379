import type { Ora } from 'ora';
import type { Session } from './session.ts';

/** Quick answers show nothing; the rest is not waited for in the dark. */
const PATIENCE_MS = 300;
const MEGA = 1e6;

export type Progress = {
  /** Bytes read so far, and how many there are where that is known. */
  readonly report: (bytes: number, total: number | undefined) => void;
  readonly stop: () => void;
};

/** A spinner on stderr with what is read and how fast, on a terminal only. It is loaded when it is first needed. */
export function createProgress({ stderr }: Pick<Session, 'stderr'>, quiet: boolean): Progress {
  if (quiet || stderr.isTTY !== true) return { report: () => undefined, stop: () => undefined };
  const began = Date.now();
  let spinner: Ora | undefined;
  let loading = false;
  let stopped = false;
  const start = async (): Promise<void> => {
    const { default: ora } = await import('ora');
    // Standard input may be what is being read: leave it alone.
    if (!stopped) spinner = ora({ stream: stderr, discardStdin: false }).start();
  };
  return {
    report: (bytes, total) => {
      const elapsed = Date.now() - began;
      if (elapsed < PATIENCE_MS) return;
      if (!loading) {
        loading = true;
        void start();
      }
      if (spinner === undefined) return;
      const of = total === undefined ? '' : ` of ${megabytes(total)}`;
      spinner.text = `read ${megabytes(bytes)}${of} at ${megabytes((bytes / elapsed) * 1000)}/s`;
    },
    stop: () => {
      stopped = true;
      spinner?.stop();
    },
  };
}

const megabytes = (bytes: number): string =>
  bytes < 1000 * MEGA ? `${(bytes / MEGA).toFixed(0)} MB` : `${(bytes / MEGA / 1000).toFixed(1)} GB`;
