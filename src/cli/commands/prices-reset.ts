import { rm } from 'node:fs/promises';
import type { Report } from '../../model/index.ts';
import { UserError } from '../../model/index.ts';
import { loadImported, priceDataFile } from '../price-data.ts';
import { readSettings } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { answerWithoutInput } from '../without-input.ts';

/** `agentobs prices reset`: forgets what was imported. */
export const run: Run = async (named, options, session) => {
  const settings = readSettings(options, session);
  if (named.length > 0) throw new UserError('prices reset takes no input: it forgets every import');
  const file = priceDataFile(session);
  const imports = importsOf(session);
  await rm(file, { force: true });
  const report: Report = {
    command: 'prices reset',
    body: { file, removed: imports },
    table: {
      rows: 'removed',
      columns: (['origin', 'format', 'as_of', 'sha256'] as const).map((name) => ({
        path: [name],
        name,
        label: name.replace('_', ' '),
        show: name === 'sha256' ? 'id' : 'text',
      })),
    },
    around: {
      above: [],
      below: [
        imports.length === 0 ? 'nothing was imported' : `removed ${file}; the shipped prices hold again`,
      ],
    },
    notes: [],
  };
  return answerWithoutInput(report, settings, session);
};

/** A damaged file is what a reset is for. */
function importsOf(session: Parameters<typeof loadImported>[0]) {
  try {
    return (loadImported(session)?.imports ?? []).map((one) => ({ ...one }));
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
