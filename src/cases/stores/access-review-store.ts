import type { Database } from '../../database/database.ts';
import type { Moment, PersonId } from '../../engine/state/case-state.ts';
import { appendAccessLog } from '../../trust/access-log-store.ts';
import type { Keys } from '../../trust/key-store.ts';

/** Who looks, and at which school. */
type Reviewer = { id: PersonId; school: string };

/** That somebody looked at who saw cases in a month, YYYY-MM. */
export type AccessReview = { month: string; at: Moment; remark: string };

export type AccessReviews = {
  /** What somebody looked at, newest month first. */
  of(reviewer: Reviewer): Promise<AccessReview[]>;
  /** Did this person look at that month? */
  isDone(reviewer: Reviewer, month: string): Promise<boolean>;
  /** Ticks a month off and writes that in the access log. The first time counts; false: it was done already. */
  tickOff(reviewer: Reviewer, review: AccessReview): Promise<boolean>;
};

/** Makes the store of monthly looks at the access log (domain.md, P1). */
export function makeAccessReviews({ database, keys }: { database: Database; keys: Pick<Keys, 'drafts'> }): AccessReviews {
  const { read } = database;
  return {
    of: async ({ id, school }) => (await read<ReviewRow>('access_reviews').where({ school_id: school, person_id: id }).orderBy('month', 'desc'))
      .map((row) => ({ month: row.month, at: row.at, remark: keys.drafts.open(placeOf(row), row.remark_sealed) })),
    isDone: async ({ id, school }, month) => await read<ReviewRow>('access_reviews').where({ school_id: school, person_id: id, month }).first('month') !== undefined,
    tickOff: ({ id, school }, { month, at, remark }) => database.write(async (connection) => {
      const key = { school_id: school, person_id: id, month };
      const [added] = await connection<ReviewRow>('access_reviews').insert({ ...key, at, remark_sealed: keys.drafts.seal(placeOf(key), remark) })
        .onConflict(['school_id', 'person_id', 'month']).ignore().returning('month');
      if (added === undefined) return false;
      await appendAccessLog(connection, [{ person: id, case: null, action: 'review', detail: month }], at);
      return true;
    })
  };
}

type ReviewRow = { school_id: string; person_id: string; month: string; at: string; remark_sealed: string };

function placeOf({ school_id, person_id, month }: Pick<ReviewRow, 'school_id' | 'person_id' | 'month'>) {
  return { table: 'access_reviews', row: `${school_id} ${person_id} ${month}`, column: 'remark_sealed' };
}
