import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SHOW_ONLY } from '../../analyses/shown-spans.ts';
import { SHOW_PICKS, shownPositions, traceShow } from '../../analyses/trace-show.ts';
import { answer } from '../answer.ts';
import { attributeFilter, withoutContent } from '../attributes.ts';
import type { RawOptions } from '../options.ts';
import type { Session } from '../session.ts';
import { optional, optionalCount, optionalShare } from '../values.ts';
import type { Run } from './index.ts';

/** `agentobs trace show`: what happened inside a run, as a tree. */
export const run: Run = (named, options, session) => {
  const { inputs, glob } = attributesOrInput(named, options['attributes'], session);
  const content = options['content'] === true;
  const keep = attributeFilter({ glob, content });
  const asked = {
    pick: optional('--pick', options['pick'], SHOW_PICKS),
    depth: optionalCount('--depth', options['depth'], 0),
    minShare: optionalShare('--min-share', options['minShare']),
    only: optional('--only', options['only'], SHOW_ONLY),
  };
  return answer(inputs, options, session, {
    fold: options['fold'] !== false,
    wholeMessages: true,
    ask: async (data) => {
      const found = await data.details(shownPositions(data, asked), {
        attributes: keep !== undefined,
        logs: options['logs'] === true,
      });
      return traceShow(data, {
        ...asked,
        details: (position) => {
          const details = found.get(position);
          if (details === undefined) return undefined;
          return {
            events: content
              ? details.events
              : details.events.map((event) => ({ ...event, attributes: withoutContent(event.attributes) })),
            logs: options['logs'] === true ? details.logs : [],
            attributes: keep && new Map([...details.attributes].filter(([key]) => keep(key))),
          };
        },
      });
    },
  });
};

/** `--attributes run.jsonl` means the file: what exists is an input, not a pattern of keys. */
function attributesOrInput(
  inputs: readonly string[],
  value: RawOptions[string],
  { cwd }: Session,
): { readonly inputs: readonly string[]; readonly glob: string | undefined } {
  if (typeof value !== 'string') return { inputs, glob: value === true ? '*' : undefined };
  if (value === '-' || existsSync(resolve(cwd, value))) return { inputs: [value, ...inputs], glob: '*' };
  return { inputs, glob: value };
}
