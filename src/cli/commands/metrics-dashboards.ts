import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PRESETS, ruleFileOf } from '../../alerts/index.ts';
import { DASHBOARDS, grafanaJson } from '../../metrics/dashboards/index.ts';
import { vocabularyOf } from '../../metrics/index.ts';
import { type Column, type Report, UserError } from '../../model/index.ts';
import { isSystemError } from '../failure.ts';
import { type MetricChoice, metricChoice } from '../metric-choice.ts';
import { openOutput } from '../output.ts';
import { readSettings } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { answerWithoutInput } from '../without-input.ts';

/** A file to write: its name in the folder. */
type Part = {
  readonly file: string;
  readonly kind: 'dashboard' | 'rules';
  readonly help: string;
  readonly text: string;
};

/** The presets that are worth running: together they are `all`. */
const RULES = ['valuecanvas', 'genxai', 'budgets'];

/** `agentobs metrics dashboards`: what Grafana and Prometheus need for the metrics of a profile. */
export const run: Run = async (inputs, options, session) => {
  const { to } = options;
  if (typeof to !== 'string' || to === '') {
    throw new UserError('where are the dashboards to be written?', {
      hint: 'agentobs metrics dashboards --to grafana/',
    });
  }
  if (inputs.length > 0) {
    throw new UserError(`${inputs[0]}: dashboards are made without data`, {
      hint: 'They show what Prometheus has scraped. Leave the input out.',
    });
  }
  const settings = readSettings(options, session);
  const { metricPrefix } = options;
  const prefix = typeof metricPrefix === 'string' ? metricPrefix : '';
  const parts = partsOf(await metricChoice(options, session), prefix);
  if (!parts.some(({ kind }) => kind === 'dashboard')) {
    throw new UserError('this profile has none of the metrics that dashboards show', {
      hint: 'agentobs metrics dashboards --to DIR --profile default',
    });
  }
  const folder = resolve(session.cwd, to);
  await makeFolder(folder, to);
  for (const { file, text } of parts) {
    const output = await openOutput(join(folder, file), session, '--to');
    await output.write([text]);
  }
  return answerWithoutInput(reportOf(parts, to), settings, session);
};

function partsOf({ profile, metrics }: MetricChoice, prefix: string): readonly Part[] {
  const say = vocabularyOf(metrics);
  const variant = [profile === 'default' ? '' : profile, prefix].filter((part) => part !== '').join(' ');
  return [
    ...DASHBOARDS.flatMap((dashboard): Part[] => {
      const text = grafanaJson(dashboard, say, { variant });
      const { name, help } = dashboard;
      return text === undefined ? [] : [{ file: `agentobs-${name}.json`, kind: 'dashboard', help, text }];
    }),
    ...PRESETS.filter(({ name }) => RULES.includes(name)).map(
      (preset): Part => ({
        file: `${preset.name}.rules.yml`,
        kind: 'rules',
        help: preset.help,
        text: ruleFileOf(preset, say),
      }),
    ),
  ];
}

async function makeFolder(folder: string, named: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    const why = cause.code === 'EEXIST' || cause.code === 'ENOTDIR' ? 'is not a folder' : cause.message;
    throw new UserError(`--to ${named}: ${why}`, { cause });
  }
}

const COLUMNS: readonly Column[] = [
  { path: ['file'], name: 'file', label: 'file', show: 'text' },
  { path: ['kind'], name: 'kind', label: 'kind', show: 'text', droppable: 1 },
  { path: ['help'], name: 'help', label: 'what it shows', show: 'text' },
];

function reportOf(parts: readonly Part[], folder: string): Report {
  return {
    command: 'metrics dashboards',
    body: { folder, files: parts.map(({ file, kind, help }) => ({ file, kind, help })) },
    table: { rows: 'files', columns: COLUMNS },
    notes: [],
  };
}
