import type { Translate } from '../../texts.ts';

/** In this order: Edge and Opera also call themselves Chrome, Chrome also Safari, and an Android also Linux. */
const browsers: [kind: string, sign: RegExp][] = [['edge', /\bEdgA?\/|\bEdgiOS\//], ['opera', /\bOPR\//], ['firefox', /\bFirefox\/|\bFxiOS\//], ['chrome', /\bChrome\/|\bCriOS\//], ['safari', /\bSafari\//]];
const systems: [kind: string, sign: RegExp][] = [['iphone', /\biPhone\b/], ['ipad', /\biPad\b/], ['android', /\bAndroid\b/], ['windows', /\bWindows\b/], ['chromebook', /\bCrOS\b/], ['mac', /\bMac OS X\b/], ['linux', /\bLinux\b/]];
const names: { [kind: string]: string } = {
  edge: 'Edge', opera: 'Opera', firefox: 'Firefox', chrome: 'Chrome', safari: 'Safari', iphone: 'iPhone', ipad: 'iPad', android: 'Android', windows: 'Windows', chromebook: 'Chromebook', mac: 'Mac', linux: 'Linux'
};

/** The kind of browser and system that a browser says it is, as "firefox windows"; what is not known is left out. Nothing else of what it says is kept. */
export function deviceOf(userAgent: string | undefined): string {
  return [browsers, systems].flatMap((kinds) => kinds.find(([, sign]) => sign.test(userAgent ?? ''))?.[0] ?? []).join(' ');
}

/** The same in words: "Firefox op Windows". */
export function deviceText(device: string | null, t: Translate): string {
  const known = (device ?? '').split(' ').flatMap((kind) => (Object.hasOwn(names, kind) ? [names[kind] ?? ''] : []));
  return known.length === 0 ? t('signIn.device.unknown') : known.join(` ${t('signIn.device.on')} `);
}
