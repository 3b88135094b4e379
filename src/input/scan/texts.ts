/** What the bytes between the quotes of a valid JSON string say. */
export function jsonText(bytes: Buffer, from: number, end: number): string {
  const raw = bytes.toString('utf8', from, end);
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}
