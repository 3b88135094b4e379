import { AGENT_KINDS, didYouMean, UserError } from '../model/index.ts';
import { type Fails, isAny, type RunShape, type Shape, type StepShape } from './shape-model.ts';
import { MISSING_PARENT } from './shape-places.ts';
import { FAIL_WORDS, HEADER, ORDER_WORDS } from './shape-text.ts';

/** Far above what is ever written; a file beyond them is no shape. */
const MOST_CHARACTERS = 10_000_000;
const MOST_LINES = 100_000;
const LONGEST_LINE = 1000;
const DEEPEST = 100;
const LARGEST = 1_000_000_000;
/** A broken file can have a fault in every line; nobody reads more than these. */
const MOST_FAULTS = 50;

const VERSION = HEADER.split(' ')[0]!;
const UNPRINTABLE = /[^\S ]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const MERGE_MARK = /^(?:<{7}|={7}|>{7}|\|{7})(?: |$)/;
/** What is behind the name of a step; the first part is found from the right, as a name may hold anything. */
const TIMES = /^(\d{1,12})(?:\.\.(\d{1,12}|\*))?((?:, [a-z ]{1,20}){0,3})$/;

type Draft = Omit<StepShape, 'steps' | 'seen'> & { readonly steps: Draft[] };
type Level = { readonly names: Set<string>; readonly steps: Draft[]; readonly name: string };
type Say = (message: string) => void;

/**
 * Reads what `writeShape` wrote, or somebody edited. Comments and blank lines may stand anywhere, and the order of lines
 * counts only below a step that is `in order`. Throws one `UserError` that lists every fault as `name:line: …`.
 */
export function readShape(text: string, name: string): Shape {
  if (text.length > MOST_CHARACTERS) throw new UserError(`${name}: too large to be a shape`);
  const faults: string[] = [];
  let count = 0;
  const fault = (line: number, message: string): void => {
    count++;
    if (faults.length < MOST_FAULTS) faults.push(`${name}:${line}: ${message}`);
  };
  const kinds = readLines(text.replace(/^\ufeff/, '').split('\n', MOST_LINES + 1), fault);
  if (count > faults.length) faults.push(`… and ${count - faults.length} more`);
  if (count > 0) throw new UserError(faults.join('\n'), { hint: HINT });
  return { kinds };
}

const HINT = 'agentobs check --save-shape FILE writes such a file.';

function readLines(lines: readonly string[], fault: (line: number, message: string) => void): RunShape[] {
  const kinds: RunShape[] = [];
  const known = new Set<string>();
  let levels: Level[] = [];
  let begun = false;
  for (const [i, whole] of lines.entries()) {
    const say: Say = (message) => fault(i + 1, message);
    if (i >= MOST_LINES) {
      say(`a shape has no more than ${MOST_LINES} lines`);
      break;
    }
    const line = whole.trimEnd();
    if (!isReadable(line, say)) continue;
    if (!begun) {
      if (line === '' || line.trimStart().startsWith('#')) continue;
      begun = true;
      if (line === HEADER) continue;
      say(
        line.startsWith(`${VERSION} `)
          ? `this version reads \`${HEADER}\` only`
          : `a shape begins with the line \`${HEADER}\``,
      );
      if (!line.startsWith('run ')) continue;
    }
    if (line === '' || line.trimStart().startsWith('#')) continue;
    const content = line.trimStart();
    const indent = line.length - content.length;
    if (indent === 0) {
      const run = runOf(content, known, say);
      levels = [{ names: new Set(), steps: [], name: '' }];
      if (run !== undefined) kinds.push({ name: run, steps: levels[0]!.steps });
      continue;
    }
    const depth = depthOf(indent, levels.length, say);
    if (depth === undefined) continue;
    levels.length = depth;
    const above = levels[depth - 1]!;
    const step = stepOf(content, levels, say);
    // What stands below a line with a fault is read all the same.
    const draft: Draft = step ?? { step: '', low: 0, high: 0, fails: 'never', inOrder: false, steps: [] };
    if (step !== undefined) {
      if (above.names.has(step.step)) say(`\`${shown(step.step)}\` stands twice below the same step`);
      if (above.name !== '' && isAny(above.name)) say(`nothing can stand below \`${shown(above.name)}\``);
      above.names.add(step.step);
      above.steps.push(step);
    }
    levels.push({ names: new Set(), steps: draft.steps, name: draft.step });
  }
  if (!begun) fault(1, `the file is empty; a shape begins with the line \`${HEADER}\``);
  return kinds;
}

function isReadable(line: string, say: Say): boolean {
  if (line.length > LONGEST_LINE) say(`the line is longer than ${LONGEST_LINE} characters`);
  else if (MERGE_MARK.test(line)) say('a merge conflict is left here');
  else if (line.includes('\t')) say('a tab; lines are indented by two spaces a level');
  else if (UNPRINTABLE.test(line)) say('a character that cannot be seen');
  else return true;
  return false;
}

function runOf(content: string, known: Set<string>, say: Say): string | undefined {
  if (!content.startsWith('run ')) {
    say(`\`${shown(content)}\`: a line without indentation begins with \`run \``);
    return undefined;
  }
  const name = content.slice('run '.length).trim();
  checkName(name, say);
  if (known.has(name)) say(`\`run ${shown(name)}\` stands twice`);
  known.add(name);
  return name;
}

function depthOf(indent: number, deepest: number, say: Say): number | undefined {
  const depth = indent / 2;
  if (deepest === 0) say('a step stands below a line that begins with `run `');
  else if (!Number.isInteger(depth)) say(`indented by ${indent} spaces; a level is two`);
  else if (depth > DEEPEST) say(`more than ${DEEPEST} levels`);
  else if (depth > deepest) say('indented by more than one level below the line above it');
  else return depth;
  return undefined;
}

function stepOf(content: string, levels: readonly Level[], say: Say): Draft | undefined {
  const at = content.lastIndexOf(' ×');
  const found = at < 0 ? null : TIMES.exec(content.slice(at + 2));
  if (found === null) {
    say(
      `\`${shown(content)}\`: a step ends with how often it is called, such as \`×1\`, \`×2..4\` or \`×1..*\``,
    );
    return undefined;
  }
  const step = content.slice(0, at).trim();
  const low = Number(found[1]);
  const high = found[2] === undefined ? low : found[2] === '*' ? Number.POSITIVE_INFINITY : Number(found[2]);
  if (low > LARGEST || (Number.isFinite(high) && high > LARGEST)) say('a number is too large');
  else if (low > high) say(`${low}..${high}: the first number is the smaller one`);
  if (high === 0) say('a step that is never called is left out');
  checkStep(step, levels, say);
  return { step, low, high, ...marksOf(found[3]!, say), steps: [] };
}

function marksOf(text: string, say: Say): { fails: Fails; inOrder: boolean } {
  let fails: Fails = 'never';
  let inOrder = false;
  for (const mark of text.split(', ').slice(1)) {
    const words = `, ${mark}`;
    if (words === ORDER_WORDS && !inOrder) inOrder = true;
    else if (words === FAIL_WORDS.sometimes && fails === 'never') fails = 'sometimes';
    else if (words === FAIL_WORDS.always && fails === 'never') fails = 'always';
    else
      say(
        `\`${mark}\` is not known here; a step \`may fail\` or \`always fails\`, and its steps stand \`in order\``,
      );
  }
  return { fails, inOrder };
}

function checkStep(step: string, levels: readonly Level[], say: Say): void {
  if (step === MISSING_PARENT || step === '*') return;
  if (!step.startsWith('again ')) {
    checkName(step, say);
    return;
  }
  const again = step.slice('again '.length);
  if (!levels.some(({ name }) => name === again)) say(`\`${shown(again)}\` does not stand above this line`);
}

function checkName(step: string, say: Say): void {
  const kind = step.split(' ', 1)[0]!;
  if (!(AGENT_KINDS as readonly string[]).includes(kind)) {
    say(`\`${shown(kind)}\` is no kind of step${didYouMean(kind, AGENT_KINDS)}`);
  } else if (step.length <= kind.length + 1) say(`\`${kind}\` of what name?`);
}

const shown = (text: string): string => (text.length > 80 ? `${text.slice(0, 79)}…` : text);
