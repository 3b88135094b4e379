import type { Column, Report } from '../../model/index.ts';
import { knownFormats } from '../known-formats.ts';
import { readSettings } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { answerWithoutInput } from '../without-input.ts';

const column = (name: string, label: string, extra: Partial<Column> = {}): Column => ({
  path: [name],
  name,
  label,
  show: 'text',
  ...extra,
});

const COLUMNS: readonly Column[] = [
  column('name', 'format'),
  column('kind', 'kind'),
  column('written_by', 'what writes it'),
  column('source', 'learned from', { droppable: 1 }),
];

function formatsReport(): Report {
  return {
    command: 'formats',
    body: knownFormats(),
    table: { rows: 'formats', columns: COLUMNS },
    notes: [],
  };
}

/** `agentobs formats`: what is read. */
export const run: Run = (_inputs, options, session) =>
  answerWithoutInput(formatsReport(), readSettings(options, session), session);
