import { BOTTLENECK_KEYS, bottlenecks } from '../../analyses/bottlenecks.ts';
import type { Bottlenecks, Report } from '../../model/index.ts';
import { answer } from '../answer.ts';
import { list } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { optional, optionalCount } from '../values.ts';

/** What fits a screen, and what a program can go through. */
const SHOWN = 20;
const LISTED = 1000;

/** `agentobs bottlenecks`: which steps decide how long runs take, or with `--waste` what they took in vain. */
export const run: Run = async (inputs, options, session) => {
  if (options['waste'] === true)
    return (await import('./bottlenecks-waste.ts')).run(inputs, options, session);
  const by = optional('--by', options['by'], BOTTLENECK_KEYS) ?? 'step';
  const { format } = options;
  const forPeople = format === undefined || format === 'table' || format === 'markdown';
  const limit = optionalCount('--limit', options['limit']) ?? (forPeople ? SHOWN : LISTED);
  const failOn = list(options['failOn']);
  const gate = failOn.length === 0 ? undefined : await import('./bottlenecks-limits.ts');
  const limits = failOn.map((text) => gate!.parseStepLimit(text));
  return answer(inputs, options, session, {
    by: by === 'tool' || by === 'agent' ? [by] : [],
    fixSkew: options['fixSkew'] === true,
    ask: (data) => {
      const report = bottlenecks(data, { by, limit });
      if (gate === undefined) return report;
      const body = report.body as Bottlenecks;
      return { ...report, body: { ...body, limits: limits.map((one) => gate.limited(one, body)) } };
    },
    exitCode,
  });
};

/** 1 where a limit holds, 3 where none does and the data cannot tell of one. */
function exitCode({ body }: Report): number {
  const { limits = [] } = body as Bottlenecks;
  if (limits.some((limit) => limit.holds === true)) return 1;
  return limits.some((limit) => limit.holds === null) ? 3 : 0;
}
