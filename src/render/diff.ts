import type {
  Column,
  DiffChange,
  DiffFigures,
  DiffHead,
  DiffStep,
  Report,
  TraceDiff,
} from '../model/index.ts';
import { type Money, usd } from '../model/index.ts';
import { sentences } from './diff-sentences.ts';
import { TERM_NAMES } from './diff-terms.ts';
import { formatCount, formatDuration, formatMoney, formatShare, formatTokens } from './format.ts';
import { markup } from './markdown.ts';
import type { RenderOptions } from './options.ts';
import { paint } from './paint.ts';
import { renderSections, type Section, sectionsMarkdown } from './sections.ts';
import { safeText } from './text.ts';
import { wrapped } from './wrap.ts';

/** Both runs, the changed steps as a tree, why the cost changed, and what to make of it. */
export function* asText(report: Report, options: RenderOptions): Iterable<string> {
  const diff = report.body as TraceDiff;
  const { bold } = paint(options.color);
  const sections = [headSection(diff), stepSection(diff, treeRows(diff)), ...costSections(diff)];
  // Steps that cost nothing leave the last column empty.
  for (const piece of renderSections(sections, options)) yield piece.replace(/ +$/gm, '');
  const said = sentences(diff);
  if (said.length > 0) yield '\n';
  for (const text of said) for (const line of wrapped(safeText(text), options.width)) yield `${bold(line)}\n`;
}

/** The same for a pull request: what to make of it first, and paths instead of a tree. */
export function* asMarkdown(report: Report, options: RenderOptions): Iterable<string> {
  const diff = report.body as TraceDiff;
  const said = sentences(diff);
  for (const text of said) yield `${markup(safeText(text))}  \n`;
  if (said.length > 0) yield '\n';
  const rows = diff.steps.map((step) => row(diff, step, `${SIGNS[step.change]} ${nameOf(step, step.place)}`));
  yield* sectionsMarkdown([headSection(diff), stepSection(diff, rows), ...costSections(diff)], options);
}

const SIGNS: Readonly<Record<DiffChange, string>> = {
  added: '+',
  removed: '−',
  repeated: '×',
  moved: '→',
  changed: '~',
  same: ' ',
};

function headSection({ a, b, matched }: TraceDiff): Section {
  const several = a.traces > 1 || b.traces > 1;
  const shares =
    matched.of === 0
      ? 'there is nothing to compare'
      : `${formatShare(matched.share)} of the spans${matched.time_share === null ? '' : ` and ${formatShare(matched.time_share)} of the time`} could be compared`;
  const text = (name: keyof DiffHead, label: string, show: Column['show'], droppable = 0): Column =>
    droppable === 0 ? { path: [name], name, label, show } : { path: [name], name, label, show, droppable };
  return {
    title: 'Compared',
    columns: [
      { path: ['side'], name: 'side', label: ' ', show: 'text' },
      text('name', 'name', 'text'),
      ...(several ? [text('traces', 'runs', 'count')] : [text('root', 'root', 'text', 7)]),
      text('start', 'start', 'time', 6),
      text('duration_ms', several ? 'a run takes' : 'duration', 'duration'),
      text('spans', 'spans', 'count', 5),
      text('errors', 'errors', 'count', 1),
      text('llm_calls', 'LLM', 'count', 2),
      text('input_tokens', 'in', 'tokens', 3),
      text('output_tokens', 'out', 'tokens', 3),
      text('cost_usd', 'cost', 'money'),
    ],
    rows: [
      { side: 'A', ...a },
      { side: 'B', ...b },
    ],
    below: [{ text: shares }],
  };
}

function stepSection(diff: TraceDiff, rows: readonly StepCells[]): Section {
  const { summary } = diff;
  const several = diff.a.traces > 1 || diff.b.traces > 1;
  const counts = (['added', 'removed', 'repeated', 'moved', 'changed', 'same'] as const)
    .filter((name) => summary[name] > 0)
    .map((name) => `${SIGNS[name]} ${formatCount(summary[name])} ${WORDS[name]}`.trim());
  const column = (name: keyof StepCells, label: string, droppable = 0): Column =>
    droppable === 0
      ? { path: [name], name, label, show: 'text' }
      : { path: [name], name, label, show: 'text', droppable };
  const filled = (name: keyof StepCells): boolean => rows.some((one) => one[name] !== '');
  const shown: readonly Column[] = [
    column('step', 'step'),
    column('calls', several ? 'calls/run' : 'calls', 2),
    column('errors', 'failed', 3),
    column('duration', several ? 'time/run' : 'time'),
    column('tokens', 'tokens/call', 4),
    column('cost', several ? 'cost/run' : 'cost'),
  ];
  return {
    title: 'Steps',
    columns: shown.filter(({ name }) => name === 'step' || filled(name as keyof StepCells)),
    rows,
    below: [{ text: counts.length === 0 ? 'no steps' : counts.join(', ') }, ...hidden(diff)],
  };
}

/** What a limit leaves out. */
function hidden({ summary, steps }: TraceDiff): readonly { readonly text: string }[] {
  const { added, removed, repeated, moved, changed } = summary;
  const all = added + removed + repeated + moved + changed;
  const more = all - steps.filter(({ change }) => change !== 'same').length;
  if (more === 0) return [];
  const which = `${formatCount(more)} more ${more === 1 ? 'step' : 'steps'} changed`;
  return [{ text: `${which}, each less than these: --limit ${all} shows them all` }];
}

const WORDS: Readonly<Record<DiffChange, string>> = {
  added: 'added',
  removed: 'removed',
  repeated: 'more or less often',
  moved: 'moved',
  changed: 'changed',
  same: 'as before',
};

type StepCells = Readonly<Record<'step' | 'calls' | 'errors' | 'duration' | 'tokens' | 'cost', string>>;

/** The steps with what stands above them, indented. */
function treeRows(diff: TraceDiff): StepCells[] {
  const rows: StepCells[] = [];
  let before: readonly number[] = [];
  for (const step of diff.steps) {
    const { trail, path } = step;
    let same = 0;
    while (same < trail.length - 1 && before[same] === trail[same]) same++;
    for (let depth = same; depth < trail.length - 1; depth++)
      rows.push({ ...NO_CELLS, step: `  ${'  '.repeat(depth)}${path[depth]!}` });
    rows.push(
      row(diff, step, `${SIGNS[step.change]} ${'  '.repeat(trail.length - 1)}${nameOf(step, step.step)}`),
    );
    before = trail;
  }
  return rows;
}

const NO_CELLS: StepCells = { step: '', calls: '', errors: '', duration: '', tokens: '', cost: '' };

function nameOf({ step_was: was, moved_from: from, changes, a, b }: DiffStep, name: string): string {
  const models =
    changes.includes('model') && was === null ? ` (${a!.models.join(', ')} → ${b!.models.join(', ')})` : '';
  const moved = from === null ? '' : ` (was below ${from.at(-2) ?? 'nothing'})`;
  return `${was === null ? '' : `${was} → `}${name}${models}${moved}`;
}

function row(diff: TraceDiff, { a, b }: DiffStep, step: string): StepCells {
  const runs = { a: Math.max(1, diff.a.traces), b: Math.max(1, diff.b.traces) };
  const change = (text: (side: DiffFigures, runs: number) => string): string =>
    beforeAfter(a === null ? undefined : text(a, runs.a), b === null ? undefined : text(b, runs.b));
  return {
    step,
    calls: change(({ calls_per_run: calls }) => `×${Number(calls.toFixed(2))}`),
    errors: (a?.errors ?? 0) + (b?.errors ?? 0) === 0 ? '' : change(({ errors }) => formatCount(errors)),
    duration: change(({ duration_ms: duration }) => formatDuration(duration.nanos)),
    tokens:
      (a?.models.length ?? 0) + (b?.models.length ?? 0) === 0
        ? ''
        : change((side) => formatTokens(tokensPerCall(side))),
    cost: [a, b].every((side) => side === null || (side.cost_usd.pico === 0n && side.models.length === 0))
      ? ''
      : change(({ cost_usd: cost }, count) => formatMoney(perRun(cost, count), 'call')),
  };
}

const tokensPerCall = ({ input_tokens: input, output_tokens: output, calls }: DiffFigures): number =>
  Math.round((input + output) / calls);

const perRun = ({ pico, lowerBound }: Money, runs: number): Money =>
  usd(pico === undefined ? undefined : pico / BigInt(runs), lowerBound);

function beforeAfter(before: string | undefined, after: string | undefined): string {
  if (before === undefined || after === undefined) return before ?? after ?? '';
  return before === after ? after : `${before} → ${after}`;
}

/**
 * The terms that are not 0, every digit of them, with their sum. Nothing where neither side cost anything, and no terms
 * where the cost of a side is not known.
 */
function costSections({ a, b, cost_change: change }: TraceDiff): Section[] {
  const unpriced = change.unpriced_calls.a + change.unpriced_calls.b;
  if (a.cost_usd.pico === 0n && b.cost_usd.pico === 0n && unpriced === 0) return [];
  const rows = change.terms
    .filter(({ usd: amount }) => amount.pico !== undefined && amount.pico !== 0n)
    .map(({ name, usd: amount }) => ({ term: TERM_NAMES.get(name) ?? name, usd: amount }));
  const below: { text: string }[] = [];
  const isKnown = change.total_usd.pico !== undefined;
  if (!isKnown) below.push({ text: 'not known' });
  else if (rows.length === 0) below.push({ text: 'the calls that have a price cost the same' });
  if (unpriced > 0) {
    const { a: inA, b: inB } = change.unpriced_calls;
    const which = isKnown ? 'without what has no price' : 'calls without a price';
    below.push({
      text: `${which}: ${formatCount(inA)} ${isKnown ? 'calls ' : ''}of A, ${formatCount(inB)} of B -> agentobs cost --unpriced`,
    });
  }
  return [
    {
      title: 'Cost, B less A',
      columns: [
        { path: ['term'], name: 'term', label: 'because of', show: 'text' },
        { path: ['usd'], name: 'usd', label: 'cost', show: 'exact' },
      ],
      rows,
      ...(rows.length === 0 ? {} : { total: { term: 'total', usd: change.total_usd } }),
      below,
    },
  ];
}
