import type { Matcher } from 're2js';

/** Text, or the group of a number or a name. */
type Part = { readonly text: string } | { readonly group: number | string };

/**
 * The parts of `$1-${name}`, as Go's `Regexp.Expand` reads them: a name is as long as it can be, so that `$1x` is the group
 * `1x`; `$$` is a dollar, and so is one that nothing of this follows.
 */
export function parseTemplate(template: string): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of template.matchAll(REFERENCE)) {
    parts.push({ text: template.slice(end, match.index) });
    const name = match.groups?.['bare'] ?? match.groups?.['braced'];
    parts.push(name === undefined ? { text: '$' } : { group: NUMBER.test(name) ? Number(name) : name });
    end = match.index + match[0].length;
  }
  parts.push({ text: template.slice(end) });
  return parts;
}

/** The text of a template for a match; groups that are not there or did not take part are empty. */
export function expandTemplate(template: readonly Part[], match: Matcher): string {
  let text = '';
  for (const part of template) {
    if ('text' in part) text += part.text;
    else {
      const { group } = part;
      const index = typeof group === 'number' ? group : numberOf(group, match);
      if (index <= match.groupCount()) text += match.group(index) ?? '';
    }
  }
  return text;
}

/** A dollar with what it stands for. One that stands for itself is left to the text around it. */
const REFERENCE = /\$(?:\$|(?<bare>[\p{L}\p{Nd}_]+)|\{(?<braced>[\p{L}\p{Nd}_]+)\})/gu;
/** Go takes no number with a leading zero or more than nine digits. */
const NUMBER = /^(?:0|[1-9][0-9]{0,8})$/;

function numberOf(name: string, match: Matcher): number {
  return Object.hasOwn(match.namedGroups, name) ? match.namedGroups[name]! : Number.POSITIVE_INFINITY;
}
