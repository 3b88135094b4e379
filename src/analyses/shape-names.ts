import { isModelKind, type SpanTable, stepOf } from '../model/index.ts';

/** Longer names are cut; what is behind it is not told apart. */
const LONGEST_NAME = 120;
/** What is looked at of a name; the rest of it is hardly a name. */
const LONGEST_TEXT = 1000;

const BLANKS = /[\s\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** What nobody would see in a file: format characters, halves of surrogate pairs, letters that are blank. */
const INVISIBLE = /[\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const TIME =
  /(?<![0-9A-Za-z])\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![0-9A-Za-z])/g;
/** A word, with what follows of a version or an address: `v2.1`, `10.0.0.1`. */
const WORD = /[0-9A-Za-z]+(?:\.\d+)*/g;
/** Words that count: `step17` is a step, `base64` is a name. */
const COUNTER =
  /^(agent|attempt|batch|call|chunk|doc|document|edge|item|iteration|job|node|page|part|query|request|round|row|run|step|task|thread|try|turn|worker)\d+$/i;

/**
 * Which version answered, as far as it is a date or a revision: `-2024-08-06`, `-20250514`, `-0613`, `-08-2024`, `-002`,
 * `@20240620`, `-latest`.
 */
const MODEL_VERSION =
  /[-@:](?:latest|default|\d{4}-\d\d-\d\d|\d\d-\d{4}|\d\d-\d\d(?=$)|\d{4,8}|0\d\d)(?=$|[-:@])/g;
/** Amazon Bedrock: the region that serves a model, and its revision. */
const BEDROCK_REGION = /^(?:apac|au|ca|eu|global|jp|us|us-gov)\.(?=[a-z0-9]+\.)/;
const BEDROCK_REVISION = /-v\d{1,3}:\d{1,3}$/;

/**
 * What a step is called in shapes, the same in every run: `stepOf` without ids, numbers that count, times, and without the
 * version of a model. Two runs that differ in no more than these have the same shape.
 */
export function shapeStep(table: SpanTable, profile: number): string {
  const step = stepOf(table, profile);
  const space = step.indexOf(' ');
  const kind = table.profiles.kindOf(profile);
  const name = step.slice(space + 1);
  if (!isModelKind(kind)) return `${kind} ${shapeName(name)}`;
  const { profiles } = table;
  const isModel =
    kind === 'llm' &&
    (profiles.textIdOf('model', profile) || profiles.textIdOf('requestModel', profile)) !== 0;
  return `${kind} ${isModel ? modelFamily(name) : shapeName(modelFamily(name), true)}`;
}

/** A name without what differs from run to run; `-` before a number makes it a version where `versions` are told. */
export function shapeName(text: string, versions = false): string {
  const clean = visible(text).replace(UUID, '{id}').replace(TIME, '#');
  const name = clean.replace(WORD, (word, at: number) => {
    if (/^\d[\d.]*$/.test(word)) return versions && clean[at - 1] === '-' ? word : '#';
    if (COUNTER.test(word)) return word.replace(/\d+$/, '#');
    return isId(word) ? '{id}' : word;
  });
  return cut(name);
}

/** A model without its version: `gpt-4o-2024-08-06` and `gpt-4o` are the same step, `gpt-4o-mini` is another one. */
function modelFamily(model: string): string {
  const clean = visible(model);
  const family = clean.replace(BEDROCK_REVISION, '').replace(BEDROCK_REGION, '').replace(MODEL_VERSION, '');
  return cut(family === '' ? clean : family);
}

/** Made by chance: hex digits, or letters and digits in a long mix. */
function isId(word: string): boolean {
  if (word.length < 8) return false;
  const digits = word.replace(/\D/g, '').length;
  if (digits === 0 || word.includes('.')) return false;
  return /^[0-9a-f]+$/i.test(word) || (word.length >= 16 && digits >= 3);
}

function visible(text: string): string {
  return text.slice(0, LONGEST_TEXT).replace(BLANKS, ' ').replace(INVISIBLE, '').trim();
}

/** `*` alone would mean any name. */
function cut(name: string): string {
  if (name === '') return '(unnamed)';
  if (name === '*') return '(*)';
  if (name.length <= LONGEST_NAME) return name;
  return `${[...name].slice(0, LONGEST_NAME).join('').trimEnd()}…`;
}
