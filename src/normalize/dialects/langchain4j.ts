import type { Dialect } from '../dialect.ts';

/** LangChain4j in Quarkus: an AI service is an agent, the model's spans below it follow the conventions before 1.27. */
export const langchain4j: Dialect = {
  name: 'langchain4j',
  source: 'https://docs.quarkiverse.io/quarkus-langchain4j/dev/observability.html',
  detect: [{ name: /^langchain4j\./ }, { keys: ['gen_ai.client.estimated_cost'] }],
  kinds: [
    { strength: 'name', name: /^langchain4j\.aiservices\./, kind: 'agent' },
    { strength: 'name', name: /^langchain4j\.tools\./, kind: 'tool' },
  ],
  fields: {
    agent: ['gen_ai.agent.name', { name: /^langchain4j\.aiservices\.(.+)$/s, kinds: ['agent'] }],
    tool: ['gen_ai.tool.name', { name: /^langchain4j\.tools\.(.+)$/s, kinds: ['tool'] }],
  },
  // `12.5USD`: an amount and its currency in one text.
  cost: { totals: [{ key: 'gen_ai.client.estimated_cost', withCurrency: true }] },
};
