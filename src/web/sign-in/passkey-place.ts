import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import type { PasskeyPlace } from '../../staff/passkeys.ts';
import type { Site } from '../site/site.ts';

/** Passkeys belong to a name, so there are none at a bare address; and browsers want https, but on the machine itself. */
export function passkeyPlace({ config, t }: Pick<Site, 'config' | 't'>, request: FastifyRequest): PasskeyPlace | null {
  const address = config.publicUrl ?? `http://${request.headers.host ?? ''}`;
  if (!URL.canParse(address)) return null;
  const { hostname, origin, protocol } = new URL(address);
  if (isIP(hostname.replace(/[[\]]/g, '')) !== 0 || (protocol !== 'https:' && hostname !== 'localhost')) return null;
  return { host: hostname, origin, title: t('web.layout.product') };
}
