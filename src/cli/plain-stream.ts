import { fstatSync, type Stats, statSync, writeSync } from 'node:fs';

/** Standard output or error that is no terminal. */
export type PlainStream = {
  readonly isTTY: false;
  readonly columns: undefined;
  /** False: `drain` tells when it is time for more. */
  readonly write: (text: string) => boolean;
  readonly once: (event: 'drain', then: () => void) => unknown;
};

/**
 * A file, a pipe, a socket or `/dev/null`, written to at once as Node's own stream would; that one takes longer to load than
 * most answers take. It is opened only for a reader that falls behind on a pipe that does not wait. Undefined where the stream
 * is anything else.
 */
export function plainStream(
  file: 1 | 2,
  open: () => NodeJS.WriteStream,
  fail: (error: unknown) => void,
): PlainStream | undefined {
  if (process.platform === 'win32' || !isPlain(file)) return undefined;
  let stream: NodeJS.WriteStream | undefined;
  return {
    isTTY: false,
    columns: undefined,
    write: (text) => {
      if (stream !== undefined) return stream.write(text);
      const rest = written(file, Buffer.from(text), fail);
      if (rest === undefined) return true;
      stream = open();
      return stream.write(rest);
    },
    once: (event, then) => stream?.once(event, then),
  };
}

/** No terminal, and no device of which nobody knows how it is written to. */
function isPlain(file: number): boolean {
  const stats = fstatSync(file);
  return stats.isFIFO() || stats.isSocket() || stats.isFile() || isNowhere(stats);
}

function isNowhere(stats: Stats): boolean {
  return stats.isCharacterDevice() && stats.rdev === statSync('/dev/null', { throwIfNoEntry: false })?.rdev;
}

/** What cannot be written now; undefined when all of it is, or nobody will ever read it. */
function written(file: number, bytes: Buffer, fail: (error: unknown) => void): Buffer | undefined {
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(file, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return bytes.subarray(at);
      fail(error);
      return undefined;
    }
  }
  return undefined;
}
