import type { Usage } from './index.ts';

export const usage: Usage = {
  options: [
    { flags: '--by <keys>', help: 'a row for each, e.g. user,model; default model', repeatable: true },
    { flags: '--sort <key>', help: 'cost (default), key, or a measure such as calls' },
    { flags: '--limit <n>', help: 'the first n rows only; the total stays whole' },
    { flags: '--audit', help: 'the proof of the total, rule by rule' },
    { flags: '--unpriced', help: 'the calls without a price, and how to price them' },
    { flags: '--carried', help: 'what results of tools cost again in later calls' },
  ],
  more: `Keys: user organization workspace session workflow root agent tool step model
provider service environment node connector operation kind status error trace
day hour, and attr:<key>, resource:<key> for any attribute.`,
  examples: ['agentobs cost --by user,model traces/', 'kubectl logs deploy/agent | agentobs cost --by tool'],
  load: () => import('../commands/cost.ts'),
};
