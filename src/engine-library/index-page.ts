/** A page of a package index: what links to the files of a project. */
export interface IndexPage {
  readonly text: string;
  /** The header of that name; indexes answer HTML also where JSON was asked for. */
  readonly contentType: string;
  /** Where it came from: links may be relative. */
  readonly url: URL;
}

/** A link to a file. */
export interface FileLink {
  readonly url: URL;
  /** What the index says of the file, lower case; null when it says nothing. */
  readonly sha256: string | null;
}

/** What to ask an index for, as pip does. */
export const ACCEPT =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01';

// In two steps, each linear in the length of a page that anybody may have made.
const ANCHOR = /<a\s[^<]*/gi;
const BASE = /<base\s[^<]*/i;
const HREF = /\shref\s*=\s*(?:"([^"]*)"|'([^']*)')/i;
const SHA256 = /[#&]sha256=([0-9a-f]{64})/i;

/**
 * Finds the file of this name; null when the page has none.
 * @throws Error when the page cannot be understood.
 * @see https://peps.python.org/pep-0503/ and https://peps.python.org/pep-0691/
 */
export function findFile(page: IndexPage, fileName: string): FileLink | null {
  const isJson = /[/+]json\b/i.test(page.contentType);
  return isJson ? findInJson(page, fileName) : findInHtml(page, fileName);
}

function findInHtml({ text, url: pageUrl }: IndexPage, fileName: string): FileLink | null {
  const base = resolve(hrefOf(BASE.exec(text)?.[0] ?? ''), pageUrl) ?? pageUrl;
  for (const [anchor] of text.matchAll(ANCHOR)) {
    const url = resolve(hrefOf(anchor), base);
    if (url?.pathname.endsWith(`/${fileName}`)) {
      return { url, sha256: SHA256.exec(url.hash)?.[1]?.toLowerCase() ?? null };
    }
  }
  return null;
}

function findInJson({ text, url: base }: IndexPage, fileName: string): FileLink | null {
  const files = propertyOf(parseJson(text), 'files');
  if (!Array.isArray(files)) throw new Error('its page has no list of files');
  const file: unknown = files.find((entry) => propertyOf(entry, 'filename') === fileName);
  const url = resolve(String(propertyOf(file, 'url')), base);
  if (file === undefined || url === null) return null;
  const sha256 = propertyOf(propertyOf(file, 'hashes'), 'sha256');
  return { url, sha256: typeof sha256 === 'string' ? sha256.toLowerCase() : null };
}

function hrefOf(tag: string): string {
  const [, inDouble, inSingle] = HREF.exec(tag) ?? [];
  return (inDouble ?? inSingle ?? '')
    .replace(/&#(?:x([0-9a-f]{1,4})|(\d{1,5}));/gi, (_, hex, decimal) =>
      String.fromCharCode(hex ? Number.parseInt(hex, 16) : Number(decimal)),
    )
    .replaceAll('&amp;', '&');
}

function resolve(text: string, base: URL): URL | null {
  return URL.canParse(text, base.href) ? new URL(text, base) : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error('its page is not the JSON that it claims to be', { cause });
  }
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
