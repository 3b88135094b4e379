import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SHOW_ONLY } from '../../analyses/shown-spans.ts';
import { SHOW_PICKS, shownPositions, traceShow } from '../../analyses/trace-show.ts';
import type { SpanDetails } from '../../details.ts';
import type { TraceView } from '../../model/index.ts';
import { spansAlone } from '../../render/index.ts';
import { answer } from '../answer.ts';
import { attributeFilter, withoutContent } from '../attributes.ts';
import type { RawOptions } from '../options.ts';
import type { Session } from '../session.ts';
import type { Run } from '../usage/index.ts';
import { optional, optionalCount, optionalShare } from '../values.ts';

/** `agentobs trace show`: what happened inside a run, as a tree. */
export const run: Run = (named, options, session) => {
  const { inputs, glob } = attributesOrInput(named, options['attributes'], session);
  const content = options['content'] === true;
  const logs = options['logs'] === true;
  const fold = options['fold'] !== false;
  const keep = attributeFilter({ glob, content });
  const asked = {
    pick: optional('--pick', options['pick'], SHOW_PICKS),
    depth: optionalCount('--depth', options['depth'], 0),
    minShare: optionalShare('--min-share', options['minShare']),
    only: optional('--only', options['only'], SHOW_ONLY),
  };
  const told = (details: SpanDetails) => ({
    events: content
      ? details.events
      : details.events.map((event) => ({ ...event, attributes: withoutContent(event.attributes) })),
    logs: logs ? details.logs : [],
    attributes: keep && new Map([...details.attributes].filter(([key]) => keep(key))),
  });
  return answer(inputs, options, session, {
    fold,
    wholeMessages: true,
    fixSkew: options['fixSkew'] === true,
    details: true,
    ask: async (data) => {
      const found = new Map<number, ReturnType<typeof told>>();
      const report = traceShow(data, { ...asked, details: (position) => found.get(position) });
      // What has attributes or logs is never folded: which spans those are shows when all have been looked at.
      const folded = fold && keep === undefined && !logs;
      const wanted = withDetails(report.traces, options['format'] ?? 'table', folded);
      const details = await data.details(wanted, { attributes: keep !== undefined, logs });
      for (const [position, one] of details) found.set(position, told(one));
      return report;
    },
  });
};

/** The spans of which an output format tells more than the table of spans holds: tables of traces have no room for it. */
function* withDetails(
  traces: readonly TraceView[],
  format: RawOptions[string],
  fold: boolean,
): Iterable<number> {
  if (format === 'csv' || format === 'markdown') return;
  if (format !== 'table') yield* shownPositions(traces);
  else for (const trace of traces) for (const { position } of spansAlone(trace, fold)) yield position;
}

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
