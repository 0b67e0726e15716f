import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { answerParent } from '../servers.ts';
import { makePages } from './pages.ts';

/** Draws pages and keeps nothing. Arguments: users, bytes of a page, number of answers. */
const [users, size, fieldCount] = process.argv.slice(2).map(Number);
const pages = makePages(size ?? 0, fieldCount ?? 0);
const app = Fastify();
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => { done(null, [...new URLSearchParams(String(body))]); });
app.get('/cases/:number/tasks/:task', async (_request, reply) => reply.type('text/html').send(pages.form({ csrf: 'x', subject: '' })));
app.post('/cases/:number/tasks/:task', async (request, reply) => reply.code(303).header('location', `${request.url}/check`).send());
app.get('/cases/:number/tasks/:task/check', async (_request, reply) => reply.type('text/html').send(pages.check({ csrf: 'x', key: 'x', answers: [] })));
app.post('/cases/:number/tasks/:task/check', async (_request, reply) => reply.code(303).header('location', '/cases?done=saved').send());
await app.listen({ host: '127.0.0.1', port: 0 });
answerParent({
  address: `http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}`, cookie: 'x=x', task: 'task', cases: Array.from({ length: users ?? 0 }, (_, index) => String(index))
}, () => app.close());
