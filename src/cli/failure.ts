import { UserError } from '../model/errors.ts';
import type { Session } from './session.ts';

/** Usage, configuration or input error. */
export const FAILED = 2;

/** Says what went wrong, where and what to type; a fault of our own asks to be reported. Returns the exit code. */
export function reportFailure(error: unknown, { stderr, env }: Pick<Session, 'stderr' | 'env'>): number {
  if (error instanceof UserError) {
    stderr.write(`agentobs: ${visible(error.message)}\n`);
    if (error.hint !== undefined) stderr.write(`  ${visible(error.hint)}\n`);
    return FAILED;
  }
  if (isSystemError(error)) {
    stderr.write(`agentobs: ${visible(error.message)}\n`);
    return FAILED;
  }
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  stderr.write(`agentobs: this is a fault of agentobs itself: ${visible(`${name}: ${message}`)}\n`);
  if (env['AGENTOBS_DEBUG'] === '1') stderr.write(`${stack}\n`);
  else stderr.write('  Please report it, with the output of the same command and AGENTOBS_DEBUG=1 set.\n');
  return FAILED;
}

/** Messages quote names and values from outside: line breaks stay, other controls and what turns text around do not. */
const visible = (text: string): string =>
  text.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069]/g, '\ufffd');

/** What the operating system refused (no such file, no permission, no space left) is nobody's fault here. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;
