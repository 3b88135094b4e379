import type { Resource, TextField } from '../model/index.ts';
import { textOf } from './text.ts';

/**
 * Identity that a process states for all its spans. It speaks last: after the span itself and its ancestors, so it is not
 * part of an agent span; the trace room reads it from the resource.
 */
export const RESOURCE_IDENTITY = {
  user: ['user.id', 'enduser.id', 'posthog.distinct_id', 'user.email'],
  organization: ['organization.id', 'tenant.id'],
  workspace: ['workspace.id', 'service.namespace'],
  session: ['session.id'],
  workflow: ['workflow.name', 'workflow.id'],
} as const satisfies Partial<Record<TextField, readonly string[]>>;

/** What a resource says about where a span ran. */
export const RESOURCE_TEXT = {
  service: ['service.name'],
  environment: ['deployment.environment.name', 'deployment.environment'],
} as const satisfies Partial<Record<TextField, readonly string[]>>;

/** The first text that a resource holds under one of the keys, and that key. */
export function resourceText(
  resource: Resource,
  resourceKeys: readonly string[],
): { readonly key: string; readonly text: string } | undefined {
  for (const key of resourceKeys) {
    const text = textOf(resource.attributes.get(key));
    if (text !== undefined) return { key, text };
  }
  return undefined;
}
