import {
  DEFAULT_TARGETS,
  TARGET_NAMES,
  TARGETS,
  type TargetLimits,
  type TargetName,
  type TargetSettings,
} from '../analyses/targets.ts';
import { didYouMean } from '../model/index.ts';
import type { ConfigContext, ConfigPath } from '../pricing/index.ts';
import { entries, kindOf } from '../pricing/parse-values.ts';
import { DIMENSIONS, findDimension, readDuration } from '../rollup/index.ts';

export type { TargetSettings };

/** Reads a `targets:` section. Every fault is reported; what is returned counts only if there was none. */
export function parseTargets(section: unknown, at: ConfigPath, context: ConfigContext): TargetSettings {
  const said = entries(section, at, context);
  const by = said
    .filter(([key]) => key === 'by')
    .flatMap(([, dimensions]) => parseBy(dimensions, at, context));
  const limits = parseLimits(
    said.filter(([key]) => key !== 'by'),
    at,
    context,
    [...TARGET_NAMES, 'by'],
  );
  return said.length === 0 ? DEFAULT_TARGETS : { limits, by };
}

/** `by: { tool: { install: { p95: 60s } } }` */
function parseBy(value: unknown, path: ConfigPath, context: ConfigContext): TargetSettings['by'] {
  const at = [...path, 'by'];
  return entries(value, at, context).flatMap(([key, rows]) => {
    if (findDimension(key) === undefined) {
      context.fault([...at, key], `unknown dimension "${key}"${didYouMean(key, Object.keys(DIMENSIONS))}`);
      return [];
    }
    return entries(rows, [...at, key], context).map(([label, limits]) => {
      const own = [...at, key, label];
      return {
        key,
        value: label,
        limits: parseLimits(entries(limits, own, context), own, context, TARGET_NAMES),
      };
    });
  });
}

function parseLimits(
  said: readonly (readonly [string, unknown])[],
  path: ConfigPath,
  context: ConfigContext,
  known: readonly string[],
): TargetLimits {
  const limits: { [K in TargetName]?: number | null } = {};
  for (const [key, value] of said) {
    const at = [...path, key];
    if (!isTarget(key)) context.fault(at, `unknown target "${key}"${didYouMean(key, known)}`);
    else {
      const limit = parseLimit(key, value, at, context);
      if (limit !== undefined) limits[key] = limit;
    }
  }
  return limits;
}

const isTarget = (key: string): key is TargetName => Object.hasOwn(TARGETS, key);

/** A limit in the unit of its target, null for `off`; undefined where it is neither. */
function parseLimit(
  name: TargetName,
  value: unknown,
  at: ConfigPath,
  context: ConfigContext,
): number | null | undefined {
  if (value === false || value === 'off') return null;
  const { unit } = TARGETS[name];
  const limit = unit === 'milliseconds' ? durationOf(value) : shareOf(value);
  if (limit !== undefined) return limit;
  const expected = unit === 'milliseconds' ? 'a length of time like 2s or 350ms' : 'a share like 95% or 0.95';
  context.fault(at, `expected ${expected}, or off, found ${kindOf(value)}`);
  return undefined;
}

/** Nanoseconds. A number without a unit could be seconds or milliseconds: it is neither. */
const durationOf = (value: unknown): number | undefined =>
  typeof value === 'string' ? readDuration(value) : undefined;

function shareOf(value: unknown): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  const match = typeof text === 'string' ? /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim()) : null;
  if (match === null) return undefined;
  const share = Number(match[1]) / (match[2] === '%' ? 100 : 1);
  return share <= 1 ? share : undefined;
}
