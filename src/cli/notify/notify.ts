import type { FiringAlert } from '../../alerts/payloads/index.ts';
import type { Session } from '../session.ts';
import { MOST_EVENTS, RECEIVERS, type Receiver, type ReceiverName } from './receivers.ts';
import { send } from './send.ts';

/** Hands alerts over, and says on stderr how that went: a receiver that is not there is a warning. */
export async function notify(
  names: readonly ReceiverName[],
  alerts: readonly FiringAlert[],
  session: Session,
  quiet: boolean,
): Promise<void> {
  const say = (line: string): void => {
    session.stderr.write(`${line}\n`);
  };
  for (const name of names) {
    const receiver: Receiver = RECEIVERS[name];
    const messages = receiver.messages(alerts, session.env, Date.now());
    let failure: string | undefined;
    for (const message of messages) {
      if (session.interrupted.aborted) return;
      failure = await send(message, session.interrupted);
      // Who does not answer once is not asked for every alert.
      if (failure !== undefined) break;
    }
    if (failure !== undefined) say(`agentobs: warning: not handed to ${name}: ${failure}`);
    else if (!quiet)
      say(`handed to ${name}: ${alertsText(alerts.length)}${leftOut(messages.length, alerts)}`);
  }
}

/** What would be sent, piece by piece. */
export function* previews(
  names: readonly ReceiverName[],
  alerts: readonly FiringAlert[],
  session: Session,
): Iterable<string> {
  if (alerts.length === 0) return;
  for (const name of names) {
    const receiver: Receiver = RECEIVERS[name];
    for (const text of receiver.preview(alerts, session.env, Date.now())) {
      yield text.endsWith('\n') ? text : `${text}\n`;
    }
  }
}

const alertsText = (count: number): string => (count === 1 ? '1 alert' : `${count} alerts`);

function leftOut(sent: number, { length }: readonly FiringAlert[]): string {
  return sent === MOST_EVENTS && length > sent ? `, the first ${sent} of them` : '';
}
