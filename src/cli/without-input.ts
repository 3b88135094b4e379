import { NOTHING_READ, type Report } from '../model/index.ts';
import { RENDERERS } from '../render/index.ts';
import { openOutput } from './output.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';

/** Writes the answer of a command that reads no telemetry. */
export async function answerWithoutInput(
  report: Report,
  settings: Settings,
  session: Session,
): Promise<number> {
  const { format, render, quiet } = settings;
  const output = await openOutput(settings.output, session);
  await output.write(await RENDERERS[format](report, NOTHING_READ, { ...render, fold: true }));
  if (!quiet) for (const note of report.notes) session.stderr.write(`${note}\n`);
  return 0;
}
