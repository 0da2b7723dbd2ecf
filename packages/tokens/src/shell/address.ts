import { isIP } from 'node:net';
import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';

/**
 * Who asks. What a trusted proxy passes on may be anything: what is no address counts as the proxy's own.
 * Copied, for a part of a long header keeps the whole header in memory.
 */
export const addressOf = ({ ip, socket }: Pick<FastifyRequest, 'ip' | 'socket'>): string => {
  // The zone of an IPv6 address is text of any length, and says nothing beyond its own machine.
  const address = (isIP(ip) === 0 ? (socket.remoteAddress ?? 'unknown') : ip).replace(/%.*$/s, '');
  return Buffer.from(address, 'latin1').toString('latin1');
};

/**
 * Under what an address is counted: one client is one network. It has the whole loopback of its machine (127.0.0.0/8 and ::1),
 * and a whole network of IPv6 (/64).
 */
export const addressKey = (request: Pick<FastifyRequest, 'ip' | 'socket'>): string => {
  const address = addressOf(request);
  if (isIP(address) === 0) return address;
  const network = normalizeIP(address);
  return network.startsWith('127.') || normalizeIP(address, 128) === '::1' ? 'loopback' : network;
};
