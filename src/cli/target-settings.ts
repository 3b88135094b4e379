import type { ConfigContext, ConfigPath } from '../pricing/index.ts';

/** What `agentobs.yaml` says under `targets:`. */
export type TargetSettings = Readonly<Record<string, never>>;

/** Reads the section; says every fault it finds. */
export function parseTargets(_section: unknown, at: ConfigPath, context: ConfigContext): TargetSettings {
  context.fault(at, 'not there yet');
  return {};
}
