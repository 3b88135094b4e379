import type { ConfigContext, ConfigPath } from '../pricing/index.ts';

/** What `agentobs.yaml` says under `gates:`. */
export type GateSettings = Readonly<Record<string, never>>;

/** Reads the section; says every fault it finds. */
export function parseGates(_section: unknown, at: ConfigPath, context: ConfigContext): GateSettings {
  context.fault(at, 'not there yet');
  return {};
}
