import type { FastifyInstance } from 'fastify';
import type { Database } from '../database/database.ts';

/** For whoever watches the server: does it answer, and can it write? */
export function healthPages(app: FastifyInstance, { database }: { database: Database }): void {
  app.get('/healthz', { config: { action: 'health.view' } }, async (_request, reply) => reply.type('text/plain').send('ok\n'));

  app.get('/readyz', { config: { action: 'health.view' } }, async (_request, reply) => {
    // A write of nothing: it takes the lock and commits, so a full or failing disk shows.
    await database.write(async (connection) => { await connection('schools').where('id', '').update({ name: '' }); });
    return reply.type('text/plain').send('ok\n');
  });
}
