import { type Waste, wasteOf } from '../../analyses/waste.ts';
import { wasteReport } from '../../analyses/waste-report.ts';
import { type Report, SIGNATURES, UserError, type WasteAnswer, type WasteLimit } from '../../model/index.ts';
import { answer } from '../answer.ts';
import { holds, type Limit, type LimitNames, parseLimit } from '../expressions.ts';
import { list } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { optionalCount } from '../values.ts';

/** What fits a screen, and what a program can go through. */
const SHOWN = 20;
const LISTED = 1000;

/** What `--fail-on` can limit; the first unit is that of a bare number. */
export const WASTE_LIMITS = {
  waste: ['share', 'usd'],
  waste_time: ['nanos', 'share'],
  waste_seconds: ['nanos'],
  findings: ['count'],
  loops: ['count', 'share', 'usd'],
  cycles: ['count', 'share', 'usd'],
  retry_storms: ['count', 'share', 'usd'],
  failed_branches: ['count', 'share', 'usd'],
  cache_misses: ['count', 'share', 'usd'],
} as const satisfies LimitNames;
type WasteName = keyof typeof WASTE_LIMITS;

/** `agentobs bottlenecks --waste`: what was paid and waited for in vain. */
export const run: Run = (inputs, options, session) => {
  if (options['by'] !== undefined) {
    throw new UserError('--waste and --by are two answers', { hint: 'Findings of waste name their steps.' });
  }
  const limits = list(options['failOn']).map((text) => parseLimit('--fail-on', text, WASTE_LIMITS));
  const { format } = options;
  const forPeople = format === undefined || format === 'table' || format === 'markdown';
  const shown = optionalCount('--limit', options['limit']) ?? (forPeople ? SHOWN : LISTED);
  return answer(inputs, options, session, {
    by: SIGNATURES,
    fixSkew: options['fixSkew'] === true,
    ask: (data) => {
      const waste = wasteOf(data);
      return wasteReport(
        waste,
        data,
        shown,
        limits.map((limit) => limited(limit, waste)),
      );
    },
    exitCode,
  });
};

/** 1 where a limit holds, 3 where none does and the data cannot tell of one. */
function exitCode({ body }: Report): number {
  const { limits } = (body as WasteAnswer).waste;
  if (limits.some((limit) => limit.holds === true)) return 1;
  return limits.some((limit) => limit.holds === null) ? 3 : 0;
}

function limited(limit: Limit<WasteName>, waste: Waste): WasteLimit {
  const value = measured(limit, waste);
  const { text: expression, unit } = limit;
  const told = (number: number): number =>
    unit === 'usd' ? number / 1e12 : unit === 'nanos' ? number / 1e9 : number;
  return {
    expression,
    holds: value === undefined ? null : holds(limit, value),
    value: value === undefined ? null : told(value),
    limit: told(limit.value),
    unit: unit === 'nanos' ? 'seconds' : unit,
  };
}

/** In the unit of the limit; undefined where the data cannot tell. */
function measured({ name, unit }: Limit<WasteName>, waste: Waste): number | undefined {
  if (name === 'waste_time' || name === 'waste_seconds')
    return unit === 'share' ? waste.timeShare : waste.nanos;
  const sum = name === 'waste' || name === 'findings' ? waste : waste.byKind[KINDS[name]];
  if (unit === 'count') return sum.findings;
  if (waste.share === undefined) return undefined;
  if (unit === 'usd') return Number(sum.cost);
  return waste.spend === 0n ? 0 : Number(sum.cost) / Number(waste.spend);
}

const KINDS = {
  loops: 'loop',
  cycles: 'cycle',
  retry_storms: 'retry_storm',
  failed_branches: 'failed_branch',
  cache_misses: 'cache_miss',
} as const;
