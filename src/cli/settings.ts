import type { RenderOptions } from '../render/index.ts';
import { checkTimes } from '../rollup/index.ts';
import {
  CHECK_FORMATS,
  COLOR_MODES,
  COST_MODES,
  FORMATS,
  type FormatName,
  type RawOptions,
} from './options.ts';
import type { Session } from './session.ts';
import { wantsColor, widthOf, zoneOf } from './terminal.ts';
import { choice } from './values.ts';

/** The global options, checked, with what the terminal and the environment decide filled in. */
export type Settings = {
  readonly format: FormatName;
  /** A file; undefined: standard output. */
  readonly output: string | undefined;
  readonly inputFormat: string | undefined;
  readonly since: string | undefined;
  readonly until: string | undefined;
  readonly where: readonly string[];
  readonly trace: string | undefined;
  readonly prices: string | undefined;
  /** Undefined: not said here; the configuration decides. */
  readonly costMode: (typeof COST_MODES)[number] | undefined;
  /** False: none is read. Undefined: the nearest. */
  readonly config: string | false | undefined;
  readonly strict: boolean;
  readonly quiet: boolean;
  readonly render: RenderOptions;
};

/** What an answer can be written as; the first one is what it is written as unless told. */
export type Formats = readonly [FormatName, ...FormatName[]];

/** `formats`: those of the command; true: it checks something, so that there are formats for CI systems. */
export function readSettings(
  options: RawOptions,
  { env, stdout }: Session,
  formats: Formats | boolean = false,
): Settings {
  const known = typeof formats === 'boolean' ? (formats ? CHECK_FORMATS : FORMATS) : formats;
  const text = (name: string): string | undefined => {
    const value = options[name];
    return typeof value === 'string' ? value : undefined;
  };
  const named = text('output');
  const output = named === '-' ? undefined : named;
  const terminal = output === undefined && stdout.isTTY === true;
  const costMode = text('costMode');
  const [since, until] = [text('since'), text('until')];
  checkTimes(since, until);
  const color =
    options['color'] === false ? 'never' : choice('--color', text('color') ?? 'auto', COLOR_MODES);
  return {
    format: choice<FormatName>('--format', text('format') ?? known[0], known),
    output,
    inputFormat: text('inputFormat'),
    since,
    until,
    where: list(options['where']),
    trace: text('trace'),
    prices: text('prices'),
    costMode: costMode === undefined ? undefined : choice('--cost-mode', costMode, COST_MODES),
    config: options['config'] === false ? false : text('config'),
    strict: options['strict'] === true,
    quiet: options['quiet'] === true,
    render: {
      width: terminal ? widthOf(stdout) : undefined,
      color: wantsColor(color, env, terminal),
      zone: zoneOf(text('tz'), terminal),
    },
  };
}

/** The values of a repeatable option. */
export function list(value: RawOptions[string]): readonly string[] {
  return Array.isArray(value) ? value : [];
}
