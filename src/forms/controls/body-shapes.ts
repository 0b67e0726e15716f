const outlines = {
  head: 'M60 4C71 4 78 13 78 25C78 37 70 47 60 47C50 47 42 37 42 25C42 13 49 4 60 4Z',
  ear: 'M41 20C36 18 35 24 36 28C37 33 39 35 42 34C41 29 40 25 41 20Z',
  neck: 'M52 46C57 49 63 49 68 46L69 57C63 60 57 60 51 57Z',
  chest: 'M50 58C57 61 63 61 70 58C77 60 83 61 87 64L83 102H37L33 64C37 61 43 60 50 58Z',
  belly: 'M37 104H83L82 128H38Z',
  hips: 'M38 130H82L86 152C77 158 67 161 60 161C53 161 43 158 34 152Z',
  upperArm: 'M31 65C25 68 22 74 21 82L18 106L29 108L34 84Z',
  foreArm: 'M17.5 108L28.5 110L23 144L13 142Z',
  hand: 'M12.5 144L22.5 146C24 154 22 162 18 166C12 166 8 158 9 151Z',
  thigh: 'M34 155C43 160 51 163 59 163L57 208H40Z',
  lowerLeg: 'M40 210H57L54 254H43Z',
  foot: 'M43 256H54L56 267C52 273 41 274 35 270C35 263 41 262 43 256Z'
} as const;

/**
 * The drawing of a body, from the front and from behind: a shape for each part, by the answer that stands for it in a form.
 * Left and right are those of the person drawn. The picture is 260 wide and 280 high; a shape is drawn for the left side of
 * the picture and put in its place by `transform`.
 */
export const bodyShapes: { readonly [part: string]: { path: string; transform: string } } = {
  ...middle({ gezicht: 'head', hals: 'neck', borst: 'chest', buik: 'belly', onderbuik: 'hips' }, 'front'),
  ...sides('oor', 'ear', 'front', ''),
  ...sides('bovenarm', 'upperArm', 'front'),
  ...sides('onderarm', 'foreArm', 'front'),
  ...sides('hand', 'hand', 'front'),
  ...sides('bovenbeen', 'thigh', 'front'),
  ...sides('onderbeen', 'lowerLeg', 'front'),
  ...sides('voet', 'foot', 'front', ''),
  ...middle({ achterhoofd: 'head', nek: 'neck', bovenrug: 'chest', onderrug: 'belly', billen: 'hips' }, 'back'),
  ...sides('bovenarm', 'upperArm', 'back'),
  ...sides('onderarm', 'foreArm', 'back'),
  ...sides('hand', 'hand', 'back'),
  ...sides('bovenbeen', 'thigh', 'back'),
  ...sides('onderbeen', 'lowerLeg', 'back'),
  ...sides('hiel', 'foot', 'back', '')
};

type View = 'front' | 'back';
type Shapes = typeof bodyShapes;

/** A figure is 120 wide, its middle at 60. */
function middle(parts: { [part: string]: keyof typeof outlines }, view: View): Shapes {
  return Object.fromEntries(Object.entries(parts).map(([part, outline]) => [part, { path: outlines[outline], transform: place(view, false) }]));
}

/** Seen from the front somebody's left is on the right of the picture. */
function sides(part: string, outline: keyof typeof outlines, view: View, side = view === 'front' ? '-voor' : '-achter'): Shapes {
  return {
    [`linker${part}${side}`]: { path: outlines[outline], transform: place(view, view === 'front') },
    [`rechter${part}${side}`]: { path: outlines[outline], transform: place(view, view === 'back') }
  };
}

function place(view: View, isMirrored: boolean): string {
  const left = view === 'front' ? 0 : 140;
  return isMirrored ? `translate(${String(left + 120)} 0) scale(-1 1)` : `translate(${String(left)} 0)`;
}
