import { Chalk } from 'chalk';

/** Text in a colour of the reader's own terminal palette; never the only carrier of a meaning. */
export type Paint = Readonly<Record<Colour, (text: string) => string>>;
export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

/** With the 16 colours every terminal has, or with none at all: chalk is told, it does not look at the environment. */
export function paint(color: boolean): Paint {
  return color ? new Chalk({ level: 1 }) : PLAIN;
}

const asIs = (text: string): string => text;
const PLAIN: Paint = {
  bold: asIs,
  dim: asIs,
  red: asIs,
  green: asIs,
  yellow: asIs,
  blue: asIs,
  magenta: asIs,
  cyan: asIs,
};
