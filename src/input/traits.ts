/** What a piece of text looks like, for text that cannot be parsed or need not be. */

/** White space and the punctuation of arrays: `[`, `},`, `]` of a document whose elements are records of their own. */
export function isPunctuation(text: string): boolean {
  return /^[\s[\],;]*$/.test(text);
}

/** Keys that only telemetry has. */
const TELEMETRY_KEY =
  /\b(?:resource_?(?:spans|logs|metrics)|scope_?(?:spans|logs)|trace_?id|span_?id|parent_?span_?id|span_?context|parent_?id|otel[_.]\w+)\\?["']?\s*:/i;

/** Text that cannot be parsed was meant to be telemetry. */
export function looksLikeTelemetry(text: string): boolean {
  return TELEMETRY_KEY.test(text);
}

/**
 * How a line begins that is part of a JSON value or of a `util.inspect` object with one member a line: with a key, a
 * value, or a bracket. Everything else was written by someone else.
 */
const VALUE = String.raw`["'\`{]|\[\s*(?:$|["'\`{[\]]|[A-Z]\w*[\]: ]|-?\d+(?:\.\d+)?\s*[,\]])|-?\d[\d.eE+-]*n?\s*[,\]}]*\s*$|-?(?:true|false|null|undefined|NaN|Infinity)\s*[,\]}]*\s*$|<ref|[A-Z]\w*(?:\(\d+\))? [{[]`;
const MEMBER = new RegExp(String.raw`^(?:[}\]]|\.\.\. \d+ more|(?:[\w$]+: )?(?:${VALUE}))`);

export function isMember(line: string): boolean {
  const text = line.trimStart();
  return text === '' || MEMBER.test(text);
}
