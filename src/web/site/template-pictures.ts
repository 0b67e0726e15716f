import type { Bundle } from '../../definitions/bundle.ts';
import type { DocumentTree } from '../../documents/document-tree.ts';
import type { TemplatePicture } from '../../documents/paper.ts';
import { printHtml } from '../../documents/print-html.ts';
import { sizeOf } from './logo.ts';

/** The pictures that the templates of a route show, ready for paper. One that does not say how large it is, is left out. */
export function templatePictures({ pictures = {} }: Bundle): TemplatePicture[] {
  return Object.entries(pictures).flatMap(([file, text]) => {
    const data = Buffer.from(text, 'base64');
    const type = typeOf(file);
    const size = sizeOf({ type, data });
    // Its own name: the picture of the school comes along as well.
    return size === null ? [] : [{ file, name: `template-${file}`, type: type === 'image/png' ? 'png' as const : 'jpg' as const, data, ...size }];
  });
}

/** Writes a document as HTML for a page; `hash` is of the route it was made of, which has its pictures. */
export function pageHtml(tree: DocumentTree, hash: string, deeper = 0): string {
  return printHtml(tree, { deeper, pictures: `/assets/pictures/${hash}/` });
}

/** What a picture is, by its name: whether that is so was looked at when it was read. */
export function typeOf(file: string): 'image/png' | 'image/jpeg' {
  return file.endsWith('.png') ? 'image/png' : 'image/jpeg';
}
