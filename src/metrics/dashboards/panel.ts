import type { Vocabulary } from '../vocabulary.ts';

/** One curve, or several that a label tells apart. */
export type Query = {
  readonly expr: string;
  /** What its curves are called, in Grafana's notation. */
  readonly legend: string;
};

/** A chart of a dashboard as data. */
export type Panel = {
  readonly title: string;
  readonly help: string;
  /** Grafana's name of the unit of its values. */
  readonly unit: 'short' | 'percentunit' | 's' | 'currencyUSD' | 'ops' | 'bytes' | 'none';
  readonly queries: readonly Query[];
};

/** A dashboard in the names of a profile; panels whose metrics the profile has not are left out. */
export type Dashboard = {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly panels: (say: Vocabulary) => readonly (Panel | undefined)[];
};
