import type { MailServer } from './mail-settings.ts';

/** One message on its way to an address of the web. */
export type WebMessage = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What must not be shown to anybody. */
  readonly secrets: readonly string[];
};

/** One message on its way to a mail server, which takes it from and for these addresses. */
export type MailMessage = {
  readonly server: MailServer;
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
  readonly secrets: readonly string[];
};

export type Message = WebMessage | MailMessage;

/** Why a message was not taken, and whether asking again, after a pause in milliseconds, may help. */
export type Failure = { readonly message: string; readonly again: boolean; readonly pause?: number };

/** Milliseconds until nobody is taken to answer. */
export const PATIENCE = 15_000;
export const NO_ANSWER = `no answer in ${PATIENCE / 1000} seconds`;
export const NOBODY = 'nobody listens there';
export const NO_HOST = 'there is no such host';
const MOST_SAID = 200;

/** What somebody said, as the beginning of one line. */
export const saidBy = (text: string): string =>
  text
    .slice(0, 4 * MOST_SAID)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MOST_SAID);
