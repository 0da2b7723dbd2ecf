// What a host says of itself and of its peers: written by its monitor, handed on by its API.
export { parseReport } from './core/parse-report.ts';
export { leastMaxAgeMs } from './core/policy.ts';
export { type BotLine, type HostReport, type PeerLine, reportKey } from './core/report.ts';
// The watch.
export { httpGet } from './shell/http-get.ts';
export type { NoReply, PeerPorts } from './shell/ports.ts';
export { type Peer, type PeerWatch, type PeerWatchOptions, watchPeers } from './shell/watch-peers.ts';
