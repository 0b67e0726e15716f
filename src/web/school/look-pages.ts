import type { FastifyInstance } from 'fastify';
import { AppError } from '../../errors.ts';
import { contrastOf, leastContrast, readColour, themeCss } from './colours.ts';
import { param } from '../site/http.ts';
import type { Site } from '../site/site.ts';
import { typeOf } from '../site/template-pictures.ts';

const yearInSeconds = 31_536_000;

/** How a school looks: its colours as a stylesheet, its picture, and those in its documents. Their addresses change with what they hold, so browsers keep them. */
export function lookPages(app: FastifyInstance, { site }: { site: Site }): void {
  app.get('/assets/theme/:colour.css', { config: { action: 'assets.view' } }, async (request, reply) => {
    const colour = readColour(param(request, 'colour'));
    if (colour === null || contrastOf(colour, '#ffffff') < leastContrast) throw new AppError('notFound');
    return reply.type('text/css; charset=utf-8').header('cache-control', `public, max-age=${String(yearInSeconds)}, immutable`).send(themeCss(colour));
  });

  app.get('/assets/logo/:school/:fingerprint', { config: { action: 'assets.view' } }, async (request, reply) => {
    const logo = await site.schools.logo(param(request, 'school'), param(request, 'fingerprint'));
    if (logo === null) throw new AppError('notFound');
    return reply.type(logo.type).header('cache-control', `public, max-age=${String(yearInSeconds)}, immutable`).send(logo.data);
  });

  app.get('/assets/pictures/:route/:file', { config: { action: 'assets.view' } }, async (request, reply) => {
    const file = param(request, 'file');
    const picture = await site.library.picture(param(request, 'route'), file);
    if (picture === null) throw new AppError('notFound');
    return reply.type(typeOf(file)).header('cache-control', `public, max-age=${String(yearInSeconds)}, immutable`).send(Buffer.from(picture, 'base64'));
  });
}
