export { DASHBOARDS } from './dashboards.ts';
export { grafanaJson } from './grafana.ts';
