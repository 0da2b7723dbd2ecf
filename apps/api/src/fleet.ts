import type { AckFleet } from '@sentinel/api';
import type { FleetSettings } from '@sentinel/monitor';

/** Acknowledges incidents with the credentials of the observer on this machine. */
export const ackFleetOf =
  ({ nats }: FleetSettings): AckFleet =>
  async ({ incident, by, observer }) => {
    // Late: without a fleet nothing of it is needed.
    const { giveFleetOrder } = await import('@sentinel/fleet');
    return giveFleetOrder(nats, { kind: 'ack', incident, by }, observer);
  };
