import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openInputs } from '../src/input/index.ts';
import type { ScannerChoice } from '../src/input/row-lane.ts';
import { readAhead, type StartAhead } from '../src/intake/index.ts';
import type { SpanSource } from '../src/model/index.ts';
import type { Random } from './random.ts';
import { type Answer, answerOf, compare } from './whole.ts';

// Files that are read from two places at once, wherever the second one lies: the answer is the same.

/** Reads ahead on the same thread, and hands over what it found as another one would. */
export const sameThread: StartAhead = (order, onProgress) => ({
  result: readAhead(structuredClone(order), onProgress).then((result) => structuredClone(result)),
  stop: () => undefined,
});

export type Cut = { readonly input: number; readonly offset: number };

/** Bytes in files, and what one reader says of them. */
export class CutFiles {
  /** How often what was read ahead was taken. */
  taken = 0;
  readonly #scanner: ScannerChoice;
  readonly #folder = mkdtempSync(join(tmpdir(), 'agentobs-cuts-'));
  readonly #paths: readonly string[];
  #expected: Answer | undefined;

  constructor(files: readonly Buffer[], scanner: ScannerChoice) {
    this.#scanner = scanner;
    this.#paths = files.map((bytes, i) => {
      const path = join(this.#folder, `${i}.jsonl`);
      writeFileSync(path, bytes);
      return path;
    });
  }

  /** Throws unless two readers say the same, the second of whom begins here. */
  async check(cut: Cut, start: StartAhead = sameThread): Promise<void> {
    this.#expected ??= await this.#answer(undefined, start);
    compare(await this.#answer(cut, start), this.#expected, JSON.stringify(cut));
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  async #answer(cut: Cut | undefined, start: StartAhead): Promise<Answer> {
    const inputs = await openInputs(this.#paths, {
      stdin: process.stdin,
      scanner: this.#scanner,
      threads: cut === undefined ? 1 : 2,
      cut,
    });
    const watched: SpanSource = {
      ...inputs,
      read: ({ ahead, ...sink }, projection) =>
        inputs.read(
          {
            ...sink,
            ahead: (...asked) => {
              const reading = ahead!(...asked);
              const found = reading.found.then(
                (whole) =>
                  whole && {
                    ...whole,
                    deliver: (moved) => {
                      this.taken++;
                      whole.deliver(moved);
                    },
                  },
              );
              return { ...reading, found };
            },
          },
          projection,
        ),
    };
    return answerOf(watched, start);
  }
}

/** Reads bytes from two places at once, for some places: behind line feeds, and wherever. Returns how often that was possible. */
export async function checkCuts(
  bytes: Buffer,
  scanner: ScannerChoice,
  random: Random,
  count: number,
): Promise<number> {
  const files = new CutFiles([bytes], scanner);
  const lines = [...bytes.keys()].filter((at) => bytes[at] === 0x0a).map((at) => at + 1);
  const places = [
    ...random.shuffled(lines).slice(0, count),
    ...random.many(count, () => 1 + random.below(bytes.length)),
  ];
  try {
    for (const offset of places) if (offset < bytes.length) await files.check({ input: 0, offset });
    return files.taken;
  } finally {
    files.remove();
  }
}
