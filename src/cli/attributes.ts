import type { Attributes } from '../model/index.ts';
import { isContent } from '../normalize/index.ts';

/** Which attributes a person asked to see: by a glob on their keys, and whether they may hold what people and models said. */
export type AttributeChoice = {
  /** Undefined: none but the content, if that was asked for. */
  readonly glob: string | undefined;
  readonly content: boolean;
};

/** Keeps what was asked for; undefined when nothing was. */
export function attributeFilter({ glob, content }: AttributeChoice): ((key: string) => boolean) | undefined {
  if (glob === undefined && !content) return undefined;
  const named = glob === undefined ? () => false : globTest(glob);
  return (key) => (isContent(key) ? content : named(key));
}

/** Attributes of events as they may be shown: whole, or without what people and models said. */
export function withoutContent(attributes: Attributes): Attributes {
  return new Map([...attributes].filter(([key]) => !isContent(key)));
}

/** `*` stands for any characters, `?` for one. */
function globTest(glob: string): (key: string) => boolean {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.');
  const pattern = new RegExp(`^${source}$`, 's');
  return (key) => pattern.test(key);
}
