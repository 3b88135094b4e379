import type { Usage } from './index.ts';
import { GATE_OPTIONS, REPLAY_OPTIONS, RULE_OPTIONS } from './rule-options.ts';

export const usage: Usage = {
  options: [
    {
      flags: '--to <receiver>',
      help: 'a receiver: slack, pagerduty, sentry, email, …',
      repeatable: true,
    },
    { flags: '--dry-run', help: 'print what would be sent, and send nothing' },
    ...RULE_OPTIONS,
    ...GATE_OPTIONS,
    ...REPLAY_OPTIONS,
  ],
  more: `Receivers: slack, pagerduty, alertmanager, webhook, sentry, email.
Where to is said by the environment alone: AGENTOBS_SLACK_WEBHOOK,
AGENTOBS_PAGERDUTY_KEY, AGENTOBS_ALERTMANAGER_WEBHOOK, AGENTOBS_WEBHOOK_URL,
AGENTOBS_SENTRY_DSN; for mail AGENTOBS_SMTP_URL (smtp:// or smtps://),
AGENTOBS_SMTP_USER, AGENTOBS_SMTP_PASSWORD, AGENTOBS_EMAIL_FROM and
AGENTOBS_EMAIL_TO. Answer and exit code are those of alerts check; a receiver
that is not there is a warning.`,
  examples: [
    'agentobs alerts notify --to slack --preset valuecanvas traces/',
    'agentobs alerts notify --to pagerduty --dry-run --rules rules.yml traces/',
  ],
  load: () => import('../commands/alerts-notify.ts'),
};
