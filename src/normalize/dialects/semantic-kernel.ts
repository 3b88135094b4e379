import type { Dialect } from '../dialect.ts';

/** Semantic Kernel: GenAI conventions; early releases put the counts below `gen_ai.response`. */
export const semanticKernel: Dialect = {
  name: 'semantic-kernel',
  source: 'https://learn.microsoft.com/semantic-kernel/concepts/enterprise-readiness/observability/',
  detect: [{ scope: /^(?:Microsoft\.SemanticKernel|semantic_kernel)/ }],
  kinds: [
    { strength: 'name', name: /^(?:chat|text)\.(?:streaming_)?completions(?: |$)/, kind: 'llm' },
    {
      strength: 'name',
      name: /^(?:AutoFunctionInvocationLoop|auto_function_invocation)/,
      kind: 'step',
      own: true,
    },
  ],
  fields: {
    agent: [
      'gen_ai.agent.name',
      { name: /^(?:invoke_agent|AgentInvoke) (.+)$/s, kinds: ['agent'], own: true },
    ],
  },
};
