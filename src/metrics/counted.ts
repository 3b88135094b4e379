import { type AgentKind, CALL_RULES } from '../model/index.ts';
import type { Measured } from '../rollup/index.ts';

type Counted = {
  readonly help: string;
  readonly of: (data: Measured) => (position: number) => boolean;
};

/** Which spans a metric counts. */
export const COUNTED = {
  any: { help: 'every span', of: () => () => true },
  agent: kind('agent', 'runs of agents'),
  workflow: kind('workflow', 'runs of workflows'),
  tool: kind('tool', 'calls of tools'),
  llm: {
    help: 'requests to language models; what reports one again or sums several up is none',
    of: ({ forest: { table, row }, bill }) => {
      return (p) => {
        if (table.kindOf(row[p]!) !== 'llm') return false;
        const { effect } = CALL_RULES[bill.rule(p)];
        return effect === 'counted' || effect === 'none';
      };
    },
  },
  call: {
    help: 'whatever is billed: language models, embeddings, tools with a price; as `cost` counts',
    of: ({ bill }) => bill.isCall,
  },
  node: {
    help: 'nodes of workflows, and steps',
    of: ({ forest: { table, row, parent } }) => {
      const nodeOf = (p: number): number => table.textIdOf('node', row[p]!);
      // A node is told by the span that runs it, and often by what it calls, too.
      return (p) => {
        const node = nodeOf(p);
        if (node === 0) return table.kindOf(row[p]!) === 'step';
        return parent[p]! < 0 || nodeOf(parent[p]!) !== node;
      };
    },
  },
  embedding: kind('embedding', 'calls of embedding models'),
  retrieval: kind('retrieval', 'searches for documents'),
  memory: kind('memory', 'operations on memory'),
  connector: kind('connector', 'uses of outside systems'),
  guardrail: kind('guardrail', 'guardrails'),
  evaluator: kind('evaluator', 'judgements by evaluators'),
  step: kind('step', 'steps'),
  http: kind('http', 'HTTP requests'),
  root: {
    help: 'root spans',
    of:
      ({ forest }) =>
      (p) =>
        forest.top(p) === 'root',
  },
} as const satisfies Record<string, Counted>;

export type CountedName = keyof typeof COUNTED;

function kind(name: AgentKind, help: string): Counted {
  return {
    help,
    of:
      ({ forest: { table, row } }) =>
      (p) =>
        table.kindOf(row[p]!) === name,
  };
}
