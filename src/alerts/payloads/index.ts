export { alertmanagerPayload } from './alertmanager.ts';
export { emailPayload } from './email.ts';
export { type FiringAlert, firingOf, type Level } from './firing.ts';
export { pagerdutyPayload } from './pagerduty.ts';
export { type SentryTarget, sentryPayload, sentryTarget } from './sentry.ts';
export { slackPayload } from './slack.ts';
export { webhookPayload } from './webhook.ts';
