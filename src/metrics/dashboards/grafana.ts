import type { Vocabulary } from '../vocabulary.ts';
import type { Dashboard, Panel } from './panel.ts';

/** Of the JSON model that Grafana 10 and later read; older ones are migrated by it. */
const SCHEMA_VERSION = 39;
/** Grafana's grid is 24 wide. */
const WIDTH = 12;
const HEIGHT = 8;

/** Which Prometheus is asked: the user chooses on the page. */
const DATASOURCE = { type: 'prometheus', uid: `\${datasource}` };

type Options = {
  /** Tells dashboards of several profiles apart; '' where there is one. */
  readonly variant: string;
};

/** A dashboard as Grafana imports it; undefined where the profile has nothing to show on it. */
export function grafanaJson(
  { name, title, help, panels }: Dashboard,
  say: Vocabulary,
  { variant }: Options,
): string | undefined {
  const shown = panels(say).filter((panel) => panel !== undefined);
  if (shown.length === 0) return undefined;
  const dashboard = {
    uid: uidOf(name, variant),
    title: variant === '' ? title : `${title} (${variant})`,
    description: help,
    tags: ['agentobs'],
    timezone: 'browser',
    schemaVersion: SCHEMA_VERSION,
    editable: true,
    graphTooltip: 1,
    time: { from: 'now-6h', to: 'now' },
    refresh: '1m',
    templating: {
      list: [
        { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', current: {} },
      ],
    },
    annotations: { list: [] },
    panels: shown.map(panelOf),
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

function panelOf({ title, help, unit, queries }: Panel, index: number) {
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    description: help,
    datasource: DATASOURCE,
    gridPos: {
      x: (index % 2) * WIDTH,
      y: Math.floor(index / 2) * HEIGHT,
      w: WIDTH,
      h: HEIGHT,
    },
    fieldConfig: {
      defaults: { unit, min: 0, ...(unit === 'percentunit' && { max: 1 }) },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: queries.map(({ expr, legend }, i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      range: true,
    })),
  };
}

/** At most 40 characters, and none that an address cannot have. */
const uidOf = (name: string, variant: string): string =>
  `agentobs-${name}${variant === '' ? '' : `-${variant}`}`.replace(/[^A-Za-z0-9_-]/g, '-').slice(0, 40);
