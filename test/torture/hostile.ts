import { parse, type DefaultTreeAdapterTypes as Tree } from 'parse5';

/** Name of an element, an attribute and a header that no page has. */
export const canary = 'kanarievogel';

/** What people type who mean harm, or whose keyboard does; markup among it is markup of the canary. */
const hostile: string[] = [
  `"'><${canary} on${canary}=1>`, `</textarea></title></script><${canary}>`, `<!--<${canary}-->`, `]]><${canary}/>`, `&lt;${canary}&gt;`, `javascript:${canary}()`, `' on${canary}=1 x='`,
  `{{${canary}}}{{{constructor}}}`, '${7*7}#{7*7}<%= 7*7 %>', `'; DROP TABLE cases; --`, `' OR '1'='1`, '../../../../etc/passwd', '..\\..\\windows', '__proto__', 'constructor', 'toString',
  'nul \u0000 nul', 'omgekeerd \u202Eadraakan', '\uFFFE\uFFFF', '👩‍👩‍👧‍👦'.repeat(40), `e${'\u0301'.repeat(300)}`, '\u200B\u00A0\u2028\u2029', `\r\nx-${canary}: 1\r\n\r\n`, '\t\v\f', `=1+cmd|' /C calc'!A0`, '@SUM(1)', '%00%0d%0a%2e%2e%2f', '%E0%A4%A', '+%2B&=;',
  '1e309', '-0', 'NaN', '0x10', '9'.repeat(400), '１２', '2026-02-30', '0000-00-00', '+275760-09-13', '9999-12-31', '25:61', '[]', 'null', '{"id":"x","naam":"x"}', `{"id":"${canary}","naam":"<${canary}>"}`, '{"id":1}', '{"__proto__":{"x":1}}',
  'x'.repeat(20_000), '\\', '\\u0000', '//kanarie.example/', '/\\kanarie.example', 'https://kanarie.example/', 'a@b.c', '"a b"@c', '06 12', '000000000'
];

/** One of them, or its beginning: so many letters at most, none of them cut in half. */
export function oneHostile(dice: (below: number) => number, most = Infinity): string {
  return Array.from(hostile[dice(hostile.length)] ?? '').slice(0, most).join('');
}

/** What a page must never be made of: says what, or null. */
export function unescapedIn(html: string): string | null {
  for (const element of elementsIn(parse(html))) {
    if (element.tagName.includes(canary)) return `<${element.tagName}>`;
    for (const { name, value } of element.attrs) {
      if (name.includes(canary)) return `${element.tagName} ${name}`;
      if (['href', 'src', 'action', 'formaction', 'srcdoc', 'data'].includes(name) && /^\s*(?:(?:javascript|vbscript|data):(?!image\/)|\/[/\\]|https?:\/\/kanarie)/i.test(value)) return `${element.tagName} ${name}="${value.slice(0, 60)}"`;
    }
  }
  return null;
}

export type Element = Tree.Element;

/** All elements below this one, in order; what stands in a template as well. */
export function elementsIn(root: Tree.ParentNode): Element[] {
  return root.childNodes.flatMap((node) => ('tagName' in node ? [node, ...elementsIn(node), ...('content' in node ? elementsIn(node.content) : [])] : []));
}
