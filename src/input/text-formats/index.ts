import { collectorDebug } from './collector-debug.ts';
import { dotnetConsole } from './dotnet-console.ts';
import { erlangStdout } from './erlang-stdout.ts';
import { javaLogging } from './java-logging.ts';
import { rubyConsole } from './ruby-console.ts';
import { rustStdout } from './rust-stdout.ts';
import type { TextFormat } from './text-format.ts';

/** Every format whose records are lines of text, in the order in which they are asked. */
export const TEXT_FORMATS: readonly TextFormat[] = [
  collectorDebug,
  dotnetConsole,
  erlangStdout,
  javaLogging,
  rubyConsole,
  rustStdout,
];
