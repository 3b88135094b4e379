import type { AgentKind, TextField } from './agent-span.ts';
import type { Resource, SpanKind, StatusCode } from './span.ts';

/** Texts that differ from span to span. */
export const SPAN_TEXTS = [
  'user',
  'customer',
  'organization',
  'workspace',
  'session',
  'workflow',
  'agent',
] as const satisfies readonly TextField[];
export type SpanText = (typeof SPAN_TEXTS)[number];

/** Texts that many spans share. How usage was counted (`usageRule`) goes with the counts. */
export const PROFILE_TEXTS = [
  'tool',
  'node',
  'connector',
  'operation',
  'model',
  'requestModel',
  'provider',
  'serviceTier',
  'service',
  'environment',
] as const satisfies readonly TextField[];
export type ProfileText = (typeof PROFILE_TEXTS)[number];

const SHARED = new Set<TextField>(PROFILE_TEXTS);

export const isProfileText = (field: TextField): field is ProfileText => SHARED.has(field);

/** What many spans have in common. */
export type SpanProfile = {
  readonly name: string;
  readonly kind: AgentKind;
  readonly status: StatusCode;
  readonly spanKind: SpanKind | undefined;
  readonly dialect: string | undefined;
  readonly resource: Resource;
  readonly half: 'owner' | 'shared' | undefined;
  readonly attempt: number | undefined;
  readonly text: Readonly<Partial<Record<ProfileText, string | undefined>>>;
};
