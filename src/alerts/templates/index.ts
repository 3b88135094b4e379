import type { Labels } from '../../model/index.ts';
import { executed } from './execute.ts';
import { FUNCTIONS } from './functions.ts';
import { TemplateFault } from './lexer.ts';
import type { Template } from './nodes.ts';
import { parseTemplate } from './parser.ts';
import { type QuerySample, Root } from './values.ts';

/** What a template of an alert sees. */
export type TemplateData = {
  /** Of the template, as messages call it: `__alert_<name of the alert>`. */
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** The samples of an expression at that time; throws an `Error`. */
  readonly query: (text: string) => readonly QuerySample[];
};

/** What Prometheus puts in front of every template of a rule; columns of messages count it. */
const DEFINITIONS =
  '{{$labels := .Labels}}{{$externalLabels := .ExternalLabels}}{{$externalURL := .ExternalURL}}{{$value := .Value}}';

/** Whether a text is anything but itself. */
export function isTemplate(text: string): boolean {
  return text.includes('{{');
}

/** The text of a label or annotation; `<error expanding template: …>` where it cannot be made, as Prometheus has it. */
export function expandTemplate(text: string, data: TemplateData): string {
  if (!isTemplate(text)) return text;
  const root = new Root(
    new Map<string, Labels | string | number>([
      ['Labels', data.labels],
      ['ExternalLabels', data.externalLabels],
      ['ExternalURL', data.externalUrl],
      ['Value', data.value],
    ]),
  );
  let template: Template;
  try {
    template = read(data.name, text);
  } catch (cause) {
    if (!(cause instanceof TemplateFault)) throw cause;
    return `<error expanding template: error parsing template ${data.name}: ${cause.message}>`;
  }
  try {
    return executed(template, root, data);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return `<error expanding template: error executing template ${data.name}: ${cause.message}>`;
  }
}

/** What is wrong with the text of a template, in Go's words; undefined where nothing is. */
export function templateFault(text: string, name: string): string | undefined {
  if (!isTemplate(text)) return undefined;
  try {
    read(name, text);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof TemplateFault)) throw cause;
    return cause.message;
  }
}

function read(name: string, text: string): Template {
  return parseTemplate(name, DEFINITIONS + text, (word) => FUNCTIONS.has(word));
}
