import type { Usage } from './index.ts';

export const usage: Usage = {
  options: [
    {
      flags: '--fail-on <what>',
      help: 'exit 1 for error, warning, info (or worse), or a finding',
      repeatable: true,
    },
  ],
  more: `Formats for CI besides the usual ones: junit, and github for annotations and a
step summary (-f github | tee -a "$GITHUB_STEP_SUMMARY").`,
  examples: ['agentobs doctor traces/', 'agentobs doctor --fail-on error,user_missing -f junit traces/'],
  load: () => import('../commands/doctor.ts'),
};
