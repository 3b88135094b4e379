import { CATALOGUE } from '../../input/index.ts';
import { LINE_WRAPPERS, RECORD_WRAPPERS } from '../../input/wrappers.ts';
import type { Column, Report } from '../../model/index.ts';
import { DIALECTS } from '../../normalize/index.ts';
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

/** Everything that is read, as data: formats, what is taken off around their records, and the vocabularies in them. */
function formatsReport(): Report {
  return {
    command: 'formats',
    body: {
      formats: CATALOGUE.map(({ name, kind, title, source }) => ({ name, kind, written_by: title, source })),
      wrappers: [...LINE_WRAPPERS, ...RECORD_WRAPPERS].map(({ name, source }) => ({ name, source })),
      vocabularies: [...DIALECTS]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map(({ name, source }) => ({ name, source })),
    },
    table: { rows: 'formats', columns: COLUMNS },
    notes: [],
  };
}

/** `agentobs formats`: what is read. */
export const run: Run = (_inputs, options, session) =>
  answerWithoutInput(formatsReport(), readSettings(options, session), session);
