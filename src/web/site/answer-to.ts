import type { FastifyReply } from 'fastify';
import type { ActResult, OpenCase } from '../../cases/cases.ts';
import type { Reason } from '../../engine/state/case-state.ts';
import { AppError } from '../../errors.ts';
import type { Site } from './site.ts';
import type { Hidden } from '../views/view-models.ts';

/** Where a command may lead. Without `changed` a post about what somebody else changed meanwhile is given back. */
export type Ways = {
  done: (number: string) => Promise<FastifyReply>;
  refused: (reasons: Reason[]) => Promise<FastifyReply>;
  changed?: (open: OpenCase) => Promise<FastifyReply>;
};

/** Turns what came of a command into the next page; what a person may not see is not there. */
export async function answerTo(result: ActResult, to: Ways): Promise<FastifyReply> {
  switch (result.type) {
    case 'done': case 'repeated': return to.done(result.number);
    case 'refused': return to.refused(result.refusal.reasons);
    case 'changed': {
      if (to.changed === undefined) throw new AppError('conflict');
      return to.changed(result.open);
    }
    case 'busy': throw new AppError('unavailable');
    case 'notFound': throw new AppError('notFound');
  }
}

/** The hidden field that lets a post count once. */
export function keyField(site: Site): Hidden {
  return { name: '_key', value: site.newKey() };
}
