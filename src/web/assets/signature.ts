type Point = { x: number; y: number };
type Pad = { toData(): { points: Point[] }[]; clear(): void; fromData(data: { points: Point[] }[]): void; isEmpty(): boolean };
type PadModule = { default: new (canvas: HTMLCanvasElement, options: { penColor: string; backgroundColor: string }) => Pad };

/** Lets a signature be drawn where a page asks for one, and sends it along as lines from point to point. What draws is fetched there only. */
export function connectSignature(page: Document): void {
  const place = page.querySelector<HTMLElement>('[data-draw]');
  const canvas = place?.querySelector('canvas') ?? null;
  const form = place?.closest('form') ?? null;
  if (place === null || canvas === null || form === null) return;
  void connect(place, canvas, form);
}

async function connect(place: HTMLElement, canvas: HTMLCanvasElement, form: HTMLFormElement): Promise<void> {
  const { default: SignaturePad } = await import(place.dataset['draw'] ?? '') as PadModule;
  const pad = new SignaturePad(canvas, { penColor: '#13222b', backgroundColor: '#ffffff' });
  const fit = (): void => {
    const drawn = pad.toData();
    const ratio = Math.max(window.devicePixelRatio, 1);
    canvas.width = canvas.offsetWidth * ratio;
    canvas.height = canvas.offsetHeight * ratio;
    canvas.getContext('2d')?.scale(ratio, ratio);
    pad.clear();
    pad.fromData(drawn);
  };
  fit();
  window.addEventListener('resize', fit);
  place.querySelector('[data-draw-clear]')?.addEventListener('click', () => { pad.clear(); });
  form.addEventListener('submit', () => {
    const set = (name: string, value: string): void => {
      const field = place.querySelector<HTMLInputElement>(`input[name="${name}"]`);
      if (field !== null) field.value = value;
    };
    set('path', pad.toData().map(({ points }) => pathOf(points)).join(''));
    set('width', String(canvas.offsetWidth));
    set('height', String(canvas.offsetHeight));
  });
}

/** One stroke; a dot is a line to itself. Every second point is enough for the eye. */
function pathOf(points: Point[]): string {
  const kept = points.filter((_, index) => index % 2 === 0 || index === points.length - 1).map(({ x, y }) => `${String(Math.max(0, Math.round(x)))} ${String(Math.max(0, Math.round(y)))}`);
  const [first] = kept;
  return first === undefined ? '' : `M${first}${(kept.length === 1 ? kept : kept.slice(1)).map((point) => `L${point}`).join('')}`;
}
