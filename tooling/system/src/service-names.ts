/** The containers of docker/compose.yaml. */
export const services = [
  'trading-sentinel',
  'heartbeat-monitor',
  'heartbeat-api',
  'sentinel-docker-proxy-1',
] as const;
