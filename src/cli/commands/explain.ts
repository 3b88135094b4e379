import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { explain, INHERITED } from '../../analyses/explain.ts';
import { findSpan, SPAN_PICKS } from '../../analyses/find-span.ts';
import { UserError } from '../../model/index.ts';
import { answer } from '../answer.ts';
import type { Session } from '../session.ts';
import type { Run } from '../usage/index.ts';
import { optional } from '../values.ts';

/** `agentobs explain`: why a span is what every answer says it is. */
export const run: Run = (named, options, session) => {
  const pick = optional('--pick', options['pick'], SPAN_PICKS);
  const { wanted, inputs } = spanAndInputs(named, pick !== undefined, session);
  return answer(inputs, options, session, {
    wholeMessages: true,
    observations: true,
    details: true,
    ask: async (data, prices) => {
      const position = findSpan(data, wanted, pick);
      const origins = new Map(INHERITED.map((field) => [field, data.origin(field, position)]));
      const sayers = [...origins.values()].flatMap((origin) =>
        origin === undefined || origin.from === 'resource' ? [] : [origin.at],
      );
      const found = await data.details(new Set([position, ...sayers]), { attributes: true, logs: false });
      const own = found.get(position);
      if (own === undefined) throw new UserError('the input has changed while it was read');
      return explain(data, position, {
        ...own,
        evidence: data.evidence(own.span),
        origin: (field) => origins.get(field),
        evidenceAt: (at) => {
          const details = found.get(at);
          return details && data.evidence(details.span);
        },
        prices: prices.source,
      });
    },
  });
};

/** The span is the first argument that is no file: `agentobs explain traces/ 00f067aa` is understood too. */
function spanAndInputs(
  named: readonly string[],
  picked: boolean,
  { cwd }: Session,
): { readonly wanted: string | undefined; readonly inputs: readonly string[] } {
  const at = named.findIndex((one) => one !== '-' && !/[*?]/.test(one) && !existsSync(resolve(cwd, one)));
  if (at >= 0) return { wanted: named[at], inputs: named.toSpliced(at, 1) };
  if (picked) return { wanted: undefined, inputs: named };
  throw new UserError('which span is to be explained?', {
    hint: 'Name its id, the beginning of it, its name or step; or add --pick costliest, slowest, latest, error or unpriced.',
  });
}
