import type { PriceSource } from '../model/index.ts';
import { append, UserError } from '../model/index.ts';
import { FIGURE_NAMES, FIGURES, type FigureName } from './figures.ts';
import { randomOf, sampleOf } from './random.ts';
import type { RunMeasures } from './run-measures.ts';

/** Runs as they were once, to compare later ones with: figures of a sample of them, nothing that says whose they were. */
export type Baseline = {
  readonly prices: Pick<PriceSource, 'source' | 'version' | 'as_of'>;
  /** The dimension by which runs belong together; null where none does. */
  readonly pairBy: string | null;
  /** By root, then workflow. */
  readonly groups: readonly RunGroup[];
};

/** Runs that began with the same root span, in the same workflow. */
export type RunGroup = {
  readonly root: string;
  readonly workflow: string | null;
  /** How many there were; the sample may be smaller. */
  readonly runs: number;
  /** By key, then by figures: the order of the runs is not told. */
  readonly samples: readonly RunSample[];
};

/** One run: what it is paired by, and its figures in the order of `FIGURE_NAMES`; null where the run does not tell. */
export type RunSample = { readonly key: string | null; readonly figures: readonly (number | null)[] };

/** A run, and the value of the dimension that says which later run it belongs with. */
export type KeyedRun = RunMeasures & { readonly key: string | undefined };

/** Runs of a group that a file keeps. More of them would not make a comparison much sharper, but a review much longer. */
const MOST_SAMPLES = 200;
/** What is longer than this is no name, but a text of somebody's. */
const LONGEST_KEY = 120;

/** Runs by root and workflow; figures are rounded to what the file keeps, so that both sides of a comparison are. */
export function runGroups(runs: readonly KeyedRun[]): readonly RunGroup[] {
  const groups = new Map<string, KeyedRun[]>();
  for (const run of runs) append(groups, JSON.stringify([run.root, run.workflow ?? null]), run);
  return [...groups.values()]
    .map((group) => ({
      root: group[0]!.root,
      workflow: group[0]!.workflow ?? null,
      runs: group.length,
      samples: group.map(sampleFrom).sort(bySample),
    }))
    .sort((a, b) => byText(a.root, b.root) || byText(a.workflow ?? '', b.workflow ?? ''));
}

function sampleFrom(run: KeyedRun): RunSample {
  const key = run.key === undefined || run.key.length > LONGEST_KEY ? null : run.key;
  return { key, figures: FIGURE_NAMES.map((name) => rounded(FIGURES[name].of(run))) };
}

/** Six significant digits: as many as any comparison can use. */
function rounded(figure: number | undefined): number | null {
  return figure === undefined ? null : Number(figure.toPrecision(6));
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function bySample(a: RunSample, b: RunSample): number {
  const byKey = byText(a.key ?? '', b.key ?? '');
  if (byKey !== 0) return byKey;
  for (let i = 0; i < a.figures.length; i++) {
    const difference = (a.figures[i] ?? -1) - (b.figures[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * A group with as many runs as a file keeps, or so many: chosen by chance and by what they are, not by the order they came
 * in, and the same ones every time.
 */
export function kept(group: RunGroup, most = MOST_SAMPLES): RunGroup {
  const random = randomOf('baseline', group.root, group.workflow ?? '');
  return { ...group, samples: sampleOf(group.samples, most, random) };
}

/** What a baseline file says. The same runs and prices make the same text, a line for every run that is kept. */
export function writeBaseline({ prices, pairBy, groups }: Baseline): string {
  const { source, version, as_of } = prices;
  const head = [
    '"agentobs_baseline": 1',
    `"prices": ${JSON.stringify({ source, version, as_of })}`,
    `"pair_by": ${JSON.stringify(pairBy)}`,
    `"figures": ${JSON.stringify(WRITTEN.map(({ name }) => name))}`,
  ];
  const written = groups.map((group) => groupText(kept(group)));
  const list = written.length === 0 ? '[]' : `[\n${written.join(',\n')}\n  ]`;
  return `{\n${[...head, `"groups": ${list}`].map((line) => `  ${line}`).join(',\n')}\n}\n`;
}

function groupText({ root, workflow, runs, samples }: RunGroup): string {
  const names = `"root": ${JSON.stringify(root)}, "workflow": ${JSON.stringify(workflow)}, "runs": ${runs}`;
  const lines = samples.map(({ key, figures }) => {
    const cells = [JSON.stringify(key), ...WRITTEN.map(({ at, write }) => nullOr(figures[at], write))];
    return `      [${cells.join(', ')}]`;
  });
  return `    {${names},\n     "mean": ${meanText(samples)},\n     "samples": [\n${lines.join(',\n')}\n    ]}`;
}

/** For whoever reviews a change of the file; nothing reads it. */
function meanText(samples: readonly RunSample[]): string {
  const means = WRITTEN.map(({ at, write }) => {
    const known = samples.map(({ figures }) => figures[at] ?? null).filter((figure) => figure !== null);
    const mean = known.reduce((sum, figure) => sum + figure, 0) / known.length;
    return known.length === 0 ? 'null' : write(Number(mean.toPrecision(4)));
  });
  return `[${means.join(', ')}]`;
}

const nullOr = (figure: number | null | undefined, write: (figure: number) => string): string =>
  figure === null || figure === undefined ? 'null' : write(figure);

/** A column of the file: a figure under the name that says its unit, as that is written and read. */
type Written = {
  readonly name: string;
  readonly at: number;
  readonly write: (figure: number) => string;
  readonly read: (cell: unknown) => number | undefined;
};

const count = (cell: unknown): number | undefined => (typeof cell === 'number' ? cell : undefined);

const UNITS = {
  usd: { suffix: '_usd', write: dollars, read: picodollars },
  ms: {
    suffix: '_ms',
    write: (nanos: number) => String(nanos / 1e6),
    read: (cell: unknown) => (typeof cell === 'number' ? Math.round(cell * 1e6) : undefined),
  },
  tokens: { suffix: '', write: String, read: count },
  count: { suffix: '', write: String, read: count },
} as const;

const WRITTEN: readonly Written[] = FIGURE_NAMES.map((name, at) => {
  const { suffix, write, read } = UNITS[FIGURES[name].unit];
  return { name: `${name}${suffix}`, at, write, read };
});

/** Picodollars as the decimal string of dollars that every answer has. */
function dollars(pico: number): string {
  const digits = String(BigInt(Math.round(pico))).padStart(13, '0');
  const fraction = digits.slice(-12).replace(/0+$/, '');
  return `"${digits.slice(0, -12)}${fraction === '' ? '' : `.${fraction}`}"`;
}

function picodollars(cell: unknown): number | undefined {
  if (typeof cell !== 'string' || !/^\d{1,15}(?:\.\d{1,12})?$/.test(cell)) return undefined;
  const [whole = '', fraction = ''] = cell.split('.');
  return Number(BigInt(whole + fraction.padEnd(12, '0')));
}

/** Reads a baseline file. Throws a `UserError` that says what is wrong with it, and where. */
export function readBaseline(text: string, name: string): Baseline {
  const fault = (message: string, cause?: unknown): never => {
    throw new UserError(`${name}: ${message}`, {
      hint: 'Write it anew with agentobs check --save-baseline.',
      ...(cause === undefined ? {} : { cause }),
    });
  };
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    fault(`no baseline: ${(cause as Error).message}`, cause);
  }
  if (!isObject(file) || !('agentobs_baseline' in file)) return fault('no baseline of agentobs check');
  if (file['agentobs_baseline'] !== 1)
    return fault(`a baseline of version ${JSON.stringify(file['agentobs_baseline'])}; this program reads 1`);
  const { prices, pair_by: pairBy, groups } = file;
  const names = WRITTEN.map((one) => one.name);
  if (JSON.stringify(file['figures']) !== JSON.stringify(names))
    return fault(`figures: expected ${JSON.stringify(names)}`);
  if (!isObject(prices) || ![prices['source'], prices['version'], prices['as_of']].every(isPlain))
    return fault('prices: expected source, version and as_of');
  if (!isTextOrNull(pairBy)) return fault('pair_by: expected a dimension or null');
  if (!Array.isArray(groups)) return fault('groups: expected a list');
  const source = prices as Baseline['prices'];
  return {
    prices: source,
    pairBy,
    groups: groups.map((group, i) => readGroup(group, `groups[${i}]`, fault)),
  };
}

type Fault = (message: string) => never;

function readGroup(group: unknown, at: string, fault: Fault): RunGroup {
  if (!isObject(group)) return fault(`${at}: expected an object`);
  const { root, workflow, runs, samples } = group;
  if (!isText(root) || !isTextOrNull(workflow)) return fault(`${at}: expected root and workflow`);
  if (typeof runs !== 'number' || !Array.isArray(samples)) return fault(`${at}: expected runs and samples`);
  const read = samples.map((sample, i) => readSample(sample, `${at}.samples[${i}]`, fault));
  return { root, workflow, runs, samples: read.sort(bySample) };
}

function readSample(sample: unknown, at: string, fault: Fault): RunSample {
  if (!Array.isArray(sample) || sample.length !== WRITTEN.length + 1)
    return fault(`${at}: expected a key and ${WRITTEN.length} figures`);
  const [key, ...cells] = sample as readonly unknown[];
  if (!isTextOrNull(key)) return fault(`${at}[0]: expected a key or null`);
  const figures = new Array<number | null>(FIGURE_NAMES.length).fill(null);
  for (const [i, one] of WRITTEN.entries()) {
    if (cells[i] === null) continue;
    const figure = one.read(cells[i]);
    if (figure === undefined || !(figure >= 0 && figure <= Number.MAX_VALUE))
      return fault(`${at}[${i + 1}]: expected ${one.name} as a number that is not negative`);
    figures[one.at] = figure;
  }
  return { key, figures };
}

const isText = (value: unknown): value is string => typeof value === 'string';
/** Names of releases and dates are shown as they are. */
const isPlain = (value: unknown): boolean => isText(value) && /^[\w.:+-]{1,60}$/.test(value);
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value);
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** One figure of a sample; null where the run does not tell. */
export const figureOf = ({ figures }: RunSample, name: FigureName): number | null =>
  figures[FIGURE_NAMES.indexOf(name)] ?? null;
