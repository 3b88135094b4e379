import { open } from 'node:fs/promises';

const CHUNK = 512 * 1024;

/**
 * The bytes of a file in large chunks, the next one fetched while the current one is worked on. Two buffers take turns,
 * so a chunk is only good until the next is asked for.
 */
export async function* fileBytes(path: string): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  const buffers = [Buffer.allocUnsafeSlow(CHUNK), Buffer.allocUnsafeSlow(CHUNK)] as const;
  const fetch = (turn: number) => file.read(buffers[turn % 2]!, 0, CHUNK, null);
  let next = fetch(0);
  try {
    for (let turn = 0; ; turn++) {
      const { bytesRead, buffer } = await next;
      if (bytesRead === 0) return;
      next = fetch(turn + 1);
      // A failure is thrown by the `await` above, one turn later; until then it must not count as unhandled.
      next.catch(() => undefined);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await Promise.allSettled([next]);
    await file.close();
  }
}
