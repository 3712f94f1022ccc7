/** Suffixes under which anybody can have a name of his own. From the private part of https://publicsuffix.org/list/. */
const SHARED_HOSTING =
  /(?:^|\.)(?:vercel\.app|now\.sh|netlify\.app|netlify\.com|herokuapp\.com|github\.io|gitlab\.io|pages\.dev|workers\.dev|web\.app|firebaseapp\.com|onrender\.com|azurewebsites\.net|azurestaticapps\.net|cloudfront\.net|amplifyapp\.com|amazonaws\.com|ngrok\.io|ngrok\.app|ngrok-free\.app|trycloudflare\.com|loca\.lt|surge\.sh|fly\.dev|railway\.app|glitch\.me|repl\.co|replit\.app|replit\.dev|lovable\.app|lovableproject\.com|appspot\.com|run\.app|deno\.dev|stackblitz\.io|webcontainer\.io|csb\.app|codesandbox\.io|gitpod\.io|github\.dev|blogspot\.com|wixsite\.com|myshopify\.com|framer\.app|framer\.website|webflow\.io|bubbleapps\.io|streamlit\.app|hf\.space)$/i;

// co.uk, com.au, org.br
const SECOND_LEVEL = /(?:^|\.)(?:com?|net|org|gov|gob|edu|ac|ne|or|go)\.[a-z]{2}$/i;

/** Whether a host is this machine or a network of one's own, where no stranger can have a name. */
export function isLocalHost(host: string): boolean {
  return /^(?:.*\.)?(?:localhost|local|test|internal|lan|home\.arpa)$/i.test(host) || isIpAddress(host);
}

export function isIpAddress(host: string): boolean {
  return /^[\d.]+$/.test(host) || host.includes('[');
}

export function isSharedHosting(host: string): boolean {
  return SHARED_HOSTING.test(host);
}

/** The index of the label that its owner registered: `example` in `www.example.co.uk`. Negative where there is none. */
export function getRegisteredLabel(labels: readonly string[]): number {
  const host = labels.join('.');
  const shared = SHARED_HOSTING.exec(host);
  const suffix = shared?.[0] ?? SECOND_LEVEL.exec(host)?.[0];
  const length = suffix === undefined ? 1 : suffix.replace(/^\./, '').split('.').length;
  return labels.length - length - 1;
}
