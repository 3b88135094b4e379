import type { Usage } from './index.ts';

export const usage: Usage = {
  operands: 'SPAN [inputs...]',
  options: [{ flags: '--pick <which>', help: 'costliest, slowest, latest, error or unpriced' }],
  more: `SPAN is an id, the beginning of one, trace:span, or a name or step such as
'llm gpt-4o'. With --pick it chooses among those, and may be left out.`,
  examples: [
    'agentobs explain 00f067aa0ba902b7 run.jsonl',
    "agentobs explain 'tool install' run.jsonl",
    'agentobs explain --pick costliest traces/',
  ],
  load: () => import('../commands/explain.ts'),
};
