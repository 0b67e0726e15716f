import Handlebars from 'handlebars';

/** Draws a form page and a check page of a wanted size, with templates compiled once. */
export function makePages(size: number, fieldCount: number) {
  const form = Handlebars.compile('<!doctype html><title>{{title}}</title><p>{{subject}}</p><form method="post"><input type="hidden" name="_csrf" value="{{csrf}}">{{#each fields}}<div><label for="{{id}}">{{label}}</label><p>{{hint}}</p><input id="{{id}}" name="{{name}}" value="{{value}}"></div>{{/each}}</form>');
  const check = Handlebars.compile('<!doctype html><title>{{title}}</title><form method="post"><input type="hidden" name="_csrf" value="{{csrf}}"><input type="hidden" name="_key" value="{{key}}"><dl>{{#each answers}}<dt>{{name}}</dt><dd>{{value}}</dd>{{/each}}</dl></form>');
  const perField = Math.floor(size / Math.max(1, fieldCount));
  const fields = Array.from({ length: fieldCount }, (_, index) => ({
    id: `veld-${String(index)}`, name: `/veld${String(index)}`, label: `Vraag ${String(index)}`, hint: 'x'.repeat(Math.max(1, perField - 130)), value: ''
  }));
  return {
    form: (page: { csrf: string; subject: string }): string => form({ title: 'Formulier', fields, ...page }),
    check: (page: { csrf: string; key: string; answers: { name: string; value: string }[] }): string => check({ title: 'Controleren', ...page })
  };
}
