/** Text in a colour of the reader's own terminal palette; never the only carrier of a meaning. */
export type Paint = Readonly<Record<Colour, (text: string) => string>>;
export type Colour = keyof typeof CODES;

/** Select Graphic Rendition parameters, on and off (ECMA-48, section 8.3.117). */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

/** With colour, or with none at all. */
export function paint(color: boolean): Paint {
  const painted = (name: Colour) => (text: string) =>
    color && text !== '' ? `\x1b[${CODES[name][0]}m${text}\x1b[${CODES[name][1]}m` : text;
  const names = Object.keys(CODES) as Colour[];
  return Object.fromEntries(names.map((name) => [name, painted(name)])) as Paint;
}
