import type { Dialect } from '../dialect.ts';

/** CrewAI's own product telemetry: what ran and how often, never tokens. Usage comes from whatever instruments the models. */
export const crewai: Dialect = {
  name: 'crewai',
  source: 'https://docs.crewai.com/en/telemetry',
  detect: [
    { resource: { key: 'service.name', is: /^crewAI-telemetry$/i } },
    {
      name: /^(?:Crew|Task|Flow) (?:Creat(?:ed|ion)|Execution|Evaluation)$/,
      keys: ['crew_key', 'crew_id', 'flow_name'],
    },
    { name: /^Tool (?:Repeated )?Usage(?: Error)?$/, keys: ['crewai_version', 'tool_name'] },
  ],
  kinds: [
    { strength: 'name', name: /^(?:Crew|Flow) Execution$/, kind: 'workflow', own: true },
    { strength: 'name', name: /^Tool (?:Repeated )?Usage(?: Error)?$/, kind: 'tool', own: true },
    {
      strength: 'name',
      name: /^(?:(?:Crew|Task|Flow) (?:Creat(?:ed|ion)|Evaluation)|Task Execution|Flow Plotting)$/,
      kind: 'step',
      own: true,
    },
  ],
  fields: {
    workflow: [{ key: 'flow_name', own: true }],
    workflowId: [{ key: 'crew_key', own: true }],
    tool: [{ key: 'tool_name', own: true }],
    agent: [{ key: 'agent_role', own: true }],
    node: [{ key: 'task_key', own: true }],
  },
  attempt: [{ key: 'attempts', from: 1, own: true }],
};
