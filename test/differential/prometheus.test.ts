import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  EvaluationError,
  evaluate,
  type Modes,
  ParseError,
  parse,
  type Value,
} from '../../src/promql/index.ts';
import { memorySource } from '../promql/memory.ts';
import { Grammar } from './grammar.ts';
import { type Answer, isInstalled, Prometheus } from './prometheus.ts';
import { Choices } from './random.ts';
import { DATA_END, DATA_START, openMetrics, syntheticSeries } from './synthetic.ts';

// Random expressions, asked of a real Prometheus and of the evaluator in mode 2. `PROMQL_EXPRESSIONS` says how many,
// `PROMQL_SEED` which. In mode 3 the two agree where no sample lies on the edge of a window.
const EXPRESSIONS = Number(process.env['PROMQL_EXPRESSIONS'] ?? 1000);
const SEED = Number(process.env['PROMQL_SEED'] ?? 20_260_204);

const installed = isInstalled();
if (!installed)
  console.warn('differential/prometheus: skipped, there is no prometheus 2.42 here (Debian: prometheus)');

type Question = {
  readonly query: string;
  readonly start: number;
  readonly end: number;
  readonly step: number;
};

describe.skipIf(!installed)('the evaluator and Prometheus 2.42', () => {
  const series = syntheticSeries(new Choices(SEED));
  const source = memorySource(series);
  let prometheus: Prometheus;

  beforeAll(async () => {
    prometheus = await Prometheus.start(openMetrics(series));
  });
  afterAll(() => prometheus?.stop());

  it(`give the same answers to ${EXPRESSIONS} expressions, at instants and over ranges`, {
    timeout: 600_000,
  }, async () => {
    const { answered, refused } = await compare(randomQuestions(new Choices(SEED + 1), EXPRESSIONS), {});
    // What is compared has to be worth it: most questions have an answer that is not empty, and few are errors.
    expect(answered).toBeGreaterThan(EXPRESSIONS / 2);
    expect(refused).toBeGreaterThan(0);
  });

  it('give the same answers with left-open windows where no sample lies on an edge', {
    timeout: 600_000,
  }, async () => {
    const questions = edgelessQuestions(new Choices(SEED + 2), EXPRESSIONS / 4);
    const { answered } = await compare(questions, { leftOpen: true });
    expect(answered).toBeGreaterThan(EXPRESSIONS / 10);
  });

  it('give the same answers to chains of more than a thousand operators', { timeout: 600_000 }, async () => {
    const links = [
      '+ 2',
      '- on () vector(3)',
      '>= bool time()',
      'or vector(4)',
      'and vector(5)',
      '== vector(1)',
    ];
    const start = DATA_START + 300_000;
    const questions = links.flatMap((link) => [
      { query: `vector(1)${` ${link}`.repeat(1500)}`, start, end: start, step: 1000 },
      { query: `1${' + 1'.repeat(1500)} ${link}`, start, end: start, step: 1000 },
    ]);
    const { answered, refused } = await compare(questions, {});
    expect(answered).toBeGreaterThan(links.length);
    expect(refused).toBeGreaterThan(0);
  });

  async function compare(
    questions: readonly Question[],
    modes: Partial<Modes>,
  ): Promise<{ readonly answered: number; readonly refused: number }> {
    const differences: string[] = [];
    let answered = 0;
    let refused = 0;
    const work = questions.values();
    const worker = async (): Promise<void> => {
      for (const question of work) {
        const theirs = await prometheus.ask(question.query, question.start, question.end, question.step);
        const ours = answerOf(question, modes);
        if ('error' in theirs) refused++;
        else if (JSON.stringify(theirs.result) !== '[]') answered++;
        const difference = differenceOf(ours, theirs, question);
        if (difference !== undefined) differences.push(`${JSON.stringify(question)}\n    ${difference}`);
      }
    };
    await Promise.all([worker(), worker(), worker()]);
    expect(differences.slice(0, 20).join('\n'), `${differences.length} differ`).toBe('');
    return { answered, refused };
  }

  function answerOf(
    { query, start, end, step }: Question,
    modes: Partial<Modes>,
  ): Value | { readonly error: string } {
    try {
      return evaluate(parse(query, { version: 2 }), source, { start, end, step, version: 2, modes });
    } catch (error) {
      if (error instanceof EvaluationError) return { error: error.message };
      if (error instanceof ParseError) return { error: `invalid parameter "query": ${error.message}` };
      throw new Error(query, { cause: error });
    }
  }
});

/** Every expression at an instant and over a range, in turns on the grid of the samples and off it. */
function randomQuestions(choices: Choices, count: number): Question[] {
  const grammar = new Grammar(choices, [DATA_START / 1000 + 900, DATA_START / 1000 + 1207.5], true);
  return Array.from({ length: count }, (_, index) => {
    const query = grammar.expression();
    const off = choices.chance(0.5) ? 0 : choices.of([1, 7_000, 3_333, 14_999]);
    const instant = DATA_START + 600_000 + choices.below(120) * 15_000 + off;
    const start = DATA_START + choices.below(40) * 15_000 + off;
    const step = choices.of([15_000, 30_000, 60_000, 10_000, 47_000, 300_000]);
    const end = Math.min(DATA_END + 600_000, start + step * (2 + choices.below(25)));
    return index % 2 === 0
      ? { query, start: instant, end: instant, step: 1000 }
      : { query, start, end, step };
  });
}

/** The same of series that have samples just behind whole seconds, at other times. */
function edgelessQuestions(choices: Choices, count: number): Question[] {
  const grammar = new Grammar(choices, [DATA_START / 1000 + 1207.5], false);
  const questions: Question[] = [];
  while (questions.length < count) {
    const query = grammar.expression();
    if (query.includes('jitter')) continue;
    const start = DATA_START + 300_000 + choices.below(100) * 15_000 + choices.of([333, 500, 999]);
    const step = choices.of([1000, 15_000, 60_000]);
    questions.push({ query, start, end: start + step * choices.of([0, 20]), step });
  }
  return questions;
}

type Point = readonly [number, string];
type TheirSeries = {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: Point;
  readonly values?: readonly Point[];
};

/** What is different between two answers, undefined if nothing is. */
function differenceOf(
  ours: Value | { readonly error: string },
  theirs: Answer,
  { query, start, end }: Question,
): string | undefined {
  if ('error' in theirs) {
    if (!('error' in ours)) return `theirs: ${theirs.error}, ours is an answer`;
    return comparableError(ours.error) === comparableError(theirs.error)
      ? undefined
      : `theirs: ${theirs.error}, ours: ${ours.error}`;
  }
  if ('error' in ours) return `ours: ${ours.error}, theirs is an answer`;
  if (theirs.type === 'scalar' || ours.type === 'scalar') {
    const points = (
      theirs.type === 'scalar' ? [theirs.result] : (theirs.result as TheirSeries[])[0]?.values
    ) as Point[];
    if (ours.type !== 'scalar') return `theirs is a ${theirs.type}, ours a ${ours.type}`;
    return pointsDifference(ours.points, points);
  }
  if (ours.type !== 'matrix') return `theirs is a ${theirs.type}, ours a ${ours.type}`;
  const expected = (theirs.result as TheirSeries[]).map(({ metric, value, values }) => ({
    key: keyOf(Object.entries(metric)),
    points: values ?? [value!],
  }));
  const given = ours.series.map((series) => ({ key: keyOf([...series.labels]), points: series }));
  if (start === end && /^(sort|sort_desc|topk|bottomk)\(/.test(query)) {
    const order = given.map(({ points }) => points.values[0]!);
    return pointsDifference(
      { times: order.map(() => start), values: order },
      expected.map(({ points }) => points[0]!),
    );
  }
  if (start !== end && given.map(({ key }) => key).join() !== expected.map(({ key }) => key).join())
    return `series: theirs ${expected.map(({ key }) => key).join(' ')}, ours ${given.map(({ key }) => key).join(' ')}`;
  const byKey = new Map(given.map(({ key, points }) => [key, points]));
  if (byKey.size !== expected.length || given.length !== expected.length)
    return `theirs has ${expected.length} series, ours ${given.length}`;
  for (const { key, points } of expected) {
    const own = byKey.get(key);
    if (own === undefined) return `ours has no ${key}`;
    const difference = pointsDifference(own, points);
    if (difference !== undefined) return `${key}: ${difference}`;
  }
  return undefined;
}

/** Which of several faulty series is named depends on an order that Prometheus leaves to chance. */
function comparableError(message: string): string {
  return message.replace(
    /(found duplicate series for the match group ).*( on the \w+ hand-side of the operation: )\[.*\]/,
    '$1$2',
  );
}

function keyOf(labels: readonly (readonly [string, string])[]): string {
  return JSON.stringify(labels.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function pointsDifference(
  ours: { readonly times: readonly number[]; readonly values: readonly number[] },
  theirs: readonly Point[],
): string | undefined {
  if (ours.times.length !== theirs.length)
    return `theirs has ${theirs.length} points, ours ${ours.times.length}`;
  for (const [index, [time, text]] of theirs.entries()) {
    const expected = text === '+Inf' ? Infinity : text === '-Inf' ? -Infinity : Number(text);
    if (Math.round(time * 1000) !== ours.times[index])
      return `theirs is of ${time}, ours of ${ours.times[index]}`;
    if (!close(ours.values[index]!, expected))
      return `at ${time} theirs is ${text}, ours ${ours.values[index]}`;
  }
  return undefined;
}

function close(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-3);
}
