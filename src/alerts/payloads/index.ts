export { alertmanagerPayload } from './alertmanager.ts';
export { emailPayload } from './email.ts';
export { type FiringAlert, firingOf } from './firing.ts';
export { type Mailbox, mailboxesOf } from './mailboxes.ts';
export { pagerdutyPayload } from './pagerduty.ts';
export { sentryPayload, sentryTarget } from './sentry.ts';
export { slackPayload } from './slack.ts';
export { webhookPayload } from './webhook.ts';
