import { domainToASCII } from 'node:url';

/** Somebody with an address for mail; the name may be empty. */
export type Mailbox = { readonly name: string; readonly address: string };

/** What stands before the `@` without quotes, RFC 5322, section 3.2.3. */
const LOCAL = /^[\w.!#$%&'*+/=?^`{|}~-]+$/;
const DOMAIN = /^[a-z\d-]+(?:\.[a-z\d-]+)*$/i;
/** Octets of an encoded word, so that a line with the name of its header has 76 characters at most, RFC 2047, section 2. */
const WORD = 39;

/** Mailboxes with commas between them, as they stand in a header; undefined where one of them is none. */
export function mailboxesOf(text: string): readonly Mailbox[] | undefined {
  const mailboxes = partsOf(text).map(mailboxOf);
  return mailboxes.every((mailbox) => mailbox !== undefined) ? mailboxes : undefined;
}

/** For a header: ASCII on a line for each. */
export const mailboxesText = (mailboxes: readonly Mailbox[]): string =>
  mailboxes.map(mailboxText).join(',\r\n ');

/** For a header: encoded words where there is more than ASCII. */
export function headerText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text) && !text.includes('=?')) return text;
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > WORD) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((one) => `=?utf-8?B?${Buffer.from(one).toString('base64')}?=`).join('\r\n ');
}

/** What commas outside of quotes separate. */
function partsOf(text: string): readonly string[] {
  const parts = [''];
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (character === '"') isQuoted = !isQuoted;
    if (character === ',' && !isQuoted) {
      parts.push('');
      continue;
    }
    parts[parts.length - 1] += character === '\\' && isQuoted ? character + (text[++i] ?? '') : character;
  }
  return parts.map((part) => part.trim());
}

function mailboxOf(text: string): Mailbox | undefined {
  if (/\p{Cc}/u.test(text)) return undefined;
  const open = text.endsWith('>') ? text.lastIndexOf('<') : -1;
  const bare = open === -1 ? text : text.slice(open + 1, -1);
  const at = bare.lastIndexOf('@');
  const [local, domain] = [bare.slice(0, Math.max(at, 0)), domainToASCII(bare.slice(at + 1))];
  const name = nameOf(open === -1 ? '' : text.slice(0, open).trim());
  if (name === undefined || !LOCAL.test(local) || !DOMAIN.test(domain)) return undefined;
  return { name, address: `${local}@${domain}` };
}

function nameOf(text: string): string | undefined {
  if (text.length > 1 && text.startsWith('"') && text.endsWith('"'))
    return text.slice(1, -1).replace(/\\(.)/g, '$1');
  return /["<>]/.test(text) ? undefined : text;
}

function mailboxText({ name, address }: Mailbox): string {
  if (name === '') return address;
  const encoded = headerText(name);
  // An encoded word between quotes would be taken at its word.
  const said =
    encoded !== name || /^[\w !#$%&'*+/=?^`{|}~-]+$/.test(name)
      ? encoded
      : `"${name.replace(/["\\]/g, '\\$&')}"`;
  return `${said} <${address}>`;
}
