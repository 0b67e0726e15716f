/** Fields of WebAuthn that are bytes, and travel as base64url. */
type Given = { id: string };
type Options = { challenge: string; user?: { id: string }; excludeCredentials?: Given[]; allowCredentials?: Given[] };

/**
 * Lets a form with data-passkey ask the browser for a passkey before it is posted: "new" makes one, "show" shows one. The form holds where
 * to ask the options, a field for the answer, and a line for when it did not work. Without this file it stays hidden, or says so when posted.
 */
export function connectPasskeys(page: Document): void {
  for (const form of page.querySelectorAll<HTMLFormElement>('form[data-passkey]')) {
    const answer = form.elements.namedItem('answer');
    const line = form.querySelector<HTMLElement>('[role="status"]');
    if (!(answer instanceof HTMLInputElement) || line === null || !('PublicKeyCredential' in window)) continue;
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      if (answer.value !== '') return;
      event.preventDefault();
      line.textContent = '';
      ask(form).then((text) => {
        answer.value = text;
        form.requestSubmit();
      }, () => { line.textContent = line.dataset['failed'] ?? ''; });
    });
    // A page that comes back from the browser's memory asks anew.
    window.addEventListener('pageshow', () => { answer.value = ''; });
  }
}

async function ask(form: HTMLFormElement): Promise<string> {
  const csrf = form.elements.namedItem('_csrf');
  const body = new URLSearchParams(csrf instanceof HTMLInputElement ? [['_csrf', csrf.value]] : []);
  const response = await fetch(form.dataset['options'] ?? '', { method: 'POST', headers: { accept: 'application/json' }, body });
  if (!response.ok) throw new Error(String(response.status));
  const { challenge, user, excludeCredentials, allowCredentials, ...rest } = await response.json() as Options;
  const publicKey = {
    ...rest, challenge: bytes(challenge), ...(user === undefined ? {} : { user: { ...user, id: bytes(user.id) } }),
    ...(excludeCredentials === undefined ? {} : { excludeCredentials: excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) })) }),
    ...(allowCredentials === undefined ? {} : { allowCredentials: allowCredentials.map((one) => ({ ...one, id: bytes(one.id) })) })
  };
  const made = form.dataset['passkey'] === 'new'
    ? await navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions })
    : await navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions });
  if (!(made instanceof PublicKeyCredential)) throw new Error('No passkey.');
  return JSON.stringify({ id: made.id, rawId: made.id, type: made.type, clientExtensionResults: {}, response: responseOf(made.response) });
}

function responseOf(response: AuthenticatorResponse): { [name: string]: string | string[] } {
  const clientDataJSON = text(response.clientDataJSON);
  if (response instanceof AuthenticatorAttestationResponse) return { clientDataJSON, attestationObject: text(response.attestationObject), transports: response.getTransports() };
  const { authenticatorData, signature, userHandle } = response as AuthenticatorAssertionResponse;
  return { clientDataJSON, authenticatorData: text(authenticatorData), signature: text(signature), ...(userHandle === null ? {} : { userHandle: text(userHandle) }) };
}

function bytes(base64url: string): Uint8Array {
  return Uint8Array.from(atob(base64url.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
}

function text(content: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(content))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}
