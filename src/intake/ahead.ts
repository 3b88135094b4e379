import { contentKey, readRest } from '../input/index.ts';
import type { AheadInput, AheadReading, AheadTask, ReadAhead, Resource } from '../model/index.ts';
import { Intake, type IntakeOptions } from './intake.ts';
import type { PackedLog } from './intake-log.ts';
import { absorbTable, packTable, type TablePack } from './table-pack.ts';

/** Files to be read by somebody else, and what is asked for. */
export type AheadOrder = Pick<IntakeOptions, 'columns' | 'wholeMessages' | 'observations'> & {
  readonly task: AheadTask;
};

/** All that was found in them, as data that can be handed to another thread. */
export type AheadResult = {
  readonly inputs: readonly AheadInput[];
  readonly table: TablePack;
  readonly log: PackedLog;
};

/** Starts somebody who reads: another thread, as a rule. */
export type StartAhead = (
  order: AheadOrder,
  onProgress: (bytes: number) => void,
) => {
  readonly result: Promise<AheadResult | undefined>;
  readonly stop: () => void;
};

/** Does what another one asks for. */
export async function readAhead(
  { task, ...options }: AheadOrder,
  onProgress: (bytes: number) => void,
): Promise<AheadResult | undefined> {
  const intake = new Intake(options);
  const inputs = await readRest(task, intake.sink(), intake.projection, onProgress);
  return inputs && { inputs, table: packTable(intake.table), log: intake.log.pack() };
}

/** Lets another one read, whose spans and warnings come behind those that were taken in before. */
export function aheadOf(
  { table, log }: Pick<Intake, 'table' | 'log'>,
  options: Omit<AheadOrder, 'task'>,
  start: StartAhead | undefined,
): ReadAhead | undefined {
  return (
    start &&
    ((task, onProgress): AheadReading => {
      const { result, stop } = start({ ...options, task }, onProgress);
      return {
        stop,
        found: result.then(
          (read) =>
            read && {
              inputs: read.inputs,
              deliver: (moved) => {
                absorbTable(
                  table,
                  read.table,
                  knownResources(table.profiles.resources, read.table.resources),
                );
                log.absorb(read.log, moved);
              },
            },
        ),
      };
    })
  );
}

/** Those of the same content, where there are any. */
function knownResources(known: readonly Resource[], others: readonly Resource[]): readonly Resource[] {
  const found = new Map(known.map((resource) => [contentKey(resource.attributes), resource]));
  return others.map((resource) => found.get(contentKey(resource.attributes)) ?? resource);
}
