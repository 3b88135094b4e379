import { parseArgs } from 'node:util';
import { type Failure, fuzz } from './fuzz.ts';
import { SCANNERS } from './scanners.ts';

const HELP = `Compares every scanner with JSON.parse, on random input.
  --runs N      rows to be compared (1000000)
  --seconds N   time after which it ends all the same
  --seed N      where to begin; equal seeds give equal input
`;

/** Runs until enough was compared; the exit code is 1 when there was a disagreement. */
export async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '1000000' },
      seconds: { type: 'string', default: '3600' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const seed = Number(values.seed);
  const began = performance.now();
  const names = SCANNERS.map(({ name }) => name).join(' and ');
  process.stdout.write(`seed ${seed}, scanners: ${names}\n`);
  const end = began + 1000 * Number(values.seconds);
  const goOn = (compared: number) => compared < Number(values.runs) && performance.now() < end;
  const { failure, ...done } = await fuzz({ seed, scanners: SCANNERS, goOn });
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(
    `${done.compared} rows compared (${done.withPattern} with a pattern), ${done.wholeWay} the whole way, ` +
      `in ${done.inputs} inputs, ${done.bytes} bytes, ${seconds.toFixed(1)} s\n`,
  );
  if (failure === undefined) return 0;
  tell(failure);
  return 1;
}

function tell({ error, input, circumstances, later }: Failure): void {
  if (later) process.stdout.write('\nOnly behind others, or because none of it may be refused:');
  process.stdout.write(`\n${error.stack}\n\nWith ${circumstances}, on ${input.length} bytes:\n${input}\n`);
  process.stdout.write(`${JSON.stringify(input.toString('utf8'))}\n`);
}
