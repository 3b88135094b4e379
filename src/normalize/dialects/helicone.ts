import type { Dialect } from '../dialect.ts';

/** Helicone's asynchronous logger: properties that ride on OpenLLMetry's spans. Claims no span. */
export const helicone: Dialect = {
  name: 'helicone',
  source: 'https://docs.helicone.ai/getting-started/integration-method/openllmetry',
  fields: {
    user: ['traceloop.association.properties.Helicone-User-Id'],
    session: ['traceloop.association.properties.Helicone-Session-Id'],
    workflow: ['traceloop.association.properties.Helicone-Session-Name'],
  },
};
