import { ANY_TARGET, heldBy, STATS_SORTS, stats } from '../../analyses/stats.ts';
import { DEFAULT_TARGETS, TARGET_NAMES, TARGETS } from '../../analyses/targets.ts';
import { dimensionsOf } from '../../rollup/index.ts';
import { answer } from '../answer.ts';
import { byKeys, checkForKeys } from '../by-keys.ts';
import { list } from '../settings.ts';
import type { Run } from '../usage/index.ts';
import { choice, optional, optionalCount } from '../values.ts';

const DEFAULT_KEY = 'agent';

/** A gate answered yes, or it cannot tell. */
const MISSED = 1;
const UNTOLD = 3;

/** `agentobs stats`: how reliable and how fast what is called is, against targets. */
export const run: Run = (inputs, options, session) => {
  const by = byKeys(options['by'], DEFAULT_KEY);
  checkForKeys(inputs, session);
  const dimensions = dimensionsOf(by);
  const sort = optional('--sort', options['sort'], STATS_SORTS);
  const limit = optionalCount('--limit', options['limit']);
  const gates = gatesOf(list(options['failOn']));
  return answer(inputs, options, session, {
    by,
    observations: true,
    checks: true,
    ask: (data, _prices, config) => {
      const targets = config.targets ?? DEFAULT_TARGETS;
      return stats(data, { by, dimensions, sort, limit, targets, gates });
    },
    exitCode: (report) => {
      const held = gates.map((gate) => heldBy(report.checks!, gate));
      return held.includes(false) ? MISSED : held.includes(null) ? UNTOLD : 0;
    },
  });
};

/** `--fail-on p95,success`: targets, by their own names or by those of the figures they are about. */
function gatesOf(given: readonly string[]): readonly string[] {
  return given
    .flatMap((text) => text.split(','))
    .map((text) => text.trim())
    .map((text) => TARGET_NAMES.find((name) => TARGETS[name].of === text) ?? text)
    .map((text) => choice('--fail-on', text, [ANY_TARGET, ...TARGET_NAMES]));
}
