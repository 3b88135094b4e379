import type { InputSummary, Report } from '../model/index.ts';
import { RENDERERS } from '../render/index.ts';
import { fileOutput, standardOutput } from './output.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';

/** Nothing was read. */
const NO_INPUT: InputSummary = {
  sources: [],
  spans: 0,
  duplicates: 0,
  traces: 0,
  roots: 0,
  orphans: 0,
  errors: 0,
  open_spans: 0,
  logs: 0,
  skipped: [],
  warnings: [],
  complete: true,
};

/** Writes the answer of a command that reads no telemetry. */
export async function answerWithoutInput(
  report: Report,
  settings: Settings,
  session: Session,
): Promise<number> {
  const { output: path, format, render, quiet } = settings;
  const output = path === undefined ? standardOutput(session.stdout) : await fileOutput(path, session.cwd);
  await output.write(await RENDERERS[format](report, NO_INPUT, { ...render, fold: true }));
  if (!quiet) for (const note of report.notes) session.stderr.write(`${note}\n`);
  return 0;
}
