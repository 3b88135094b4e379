import { firingOf } from '../../alerts/payloads/index.ts';
import { UserError } from '../../model/index.ts';
import { levelNameOf } from '../alert-severity.ts';
import { checkAlerts } from '../check-alerts.ts';
import { notify, previews } from '../notify/notify.ts';
import { checkReceiver, RECEIVER_NAMES, RECEIVERS } from '../notify/receivers.ts';
import { openOutput } from '../output.ts';
import { list } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { choice } from '../values.ts';

/** `agentobs alerts notify`: the answer of `alerts check`, and the alerts that fire on their way to whom it may concern. */
export const run: Run = async (inputs, options, session) => {
  const names = [...new Set(list(options['to']).map((name) => choice('--to', name, RECEIVER_NAMES)))];
  if (names.length === 0) {
    throw new UserError('whom are alerts to be handed to?', { hint: `--to ${RECEIVER_NAMES.join(', ')}` });
  }
  const say = (line: string): void => {
    if (options['quiet'] !== true) session.stderr.write(`${line}\n`);
  };
  if (options['dryRun'] !== true) {
    for (const name of names) checkReceiver(name, session.env);
    return checkAlerts(inputs, options, session, {
      afterwards: async (verdicts) => {
        const alerts = firingOf(verdicts, levelNameOf);
        if (alerts.length === 0) say('nothing fires: nothing is sent');
        else await notify(names, alerts, session, options['quiet'] === true);
      },
    });
  }
  if (options['format'] !== undefined) {
    throw new UserError('--dry-run prints what would be sent, in no other format', {
      hint: 'agentobs alerts check has the answer in every format.',
    });
  }
  for (const name of names) RECEIVERS[name].preview([], session.env, 0);
  const path = options['output'];
  const output = await openOutput(typeof path === 'string' && path !== '-' ? path : undefined, session);
  return checkAlerts(inputs, options, session, {
    deliver: async (verdicts) => {
      const alerts = firingOf(verdicts, levelNameOf);
      if (alerts.length === 0) say('nothing fires: nothing would be sent');
      await output.write(previews(names, alerts, session));
    },
  });
};
