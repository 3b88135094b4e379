/**
 * Control sequences of terminals (ECMA-48): CSI (colours, cursor), OSC (titles, links) and the two-character ones.
 * An OSC string that does not end stays: a pattern that ran to the end of the line would be quadratic.
 */
const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-OQ-WYZ\\^_=>])/g;

/** The text without what a terminal would act on; JSON strings carry their own escapes as `\u001b`, which stay. */
export function stripAnsi(text: string): string {
  return text.includes('\x1b') ? text.replaceAll(ESCAPES, '') : text;
}
