import { BlockList, isIP } from 'node:net';

/** Which proxy stands between this machine and others. */
export interface ProxyRules {
  readonly http: URL | null;
  readonly https: URL | null;
  /** Hosts that are reached directly, as in `no_proxy`. */
  readonly bypass: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Rules of pip: its own option counts for every address; without it, those of the environment in
 * lower or upper case.
 * @throws Error when a proxy is not one over HTTP; its address, which may hold a password, is left
 * out.
 */
export function proxyRules(pipProxy: string | undefined, env: Environment): ProxyRules {
  if (pipProxy) {
    const proxy = proxyUrl(pipProxy, "pip's option proxy");
    return { http: proxy, https: proxy, bypass: [] };
  }
  const read = (name: string) => env[name] || env[name.toUpperCase()] || undefined;
  const proxyOf = (name: string) => {
    const set = [name, 'all_proxy'].find((candidate) => read(candidate));
    return set === undefined ? null : proxyUrl(read(set) ?? '', set);
  };
  return {
    http: proxyOf('http_proxy'),
    https: proxyOf('https_proxy'),
    bypass: (read('no_proxy') ?? '').split(/[\s,]+/).filter((entry) => entry !== ''),
  };
}

/** The proxy through which `url` is reached; null where it is reached directly. */
export function proxyFor(url: URL, rules: ProxyRules): URL | null {
  const proxy = url.protocol === 'https:' ? rules.https : rules.http;
  if (proxy === null || rules.bypass.some((entry) => isBypassed(url, entry))) return null;
  return proxy;
}

function proxyUrl(text: string, where: string): URL {
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  const found = url ? `a proxy of the kind ${url.protocol}` : 'no address';
  throw new Error(`Cannot use ${where}: found ${found}, expected http://host:port`);
}

/** An entry is `*`, a host and all below it, with or without a port, an address, or a network. */
function isBypassed(url: URL, entry: string): boolean {
  if (entry === '*') return true;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  const [network = '', prefix] = entry.split('/');
  if (prefix !== undefined) return family === isIP(network) && isWithin(host, network, +prefix);
  const name = entry.replace(/^\*?\./, '').toLowerCase();
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return [host, `${host}:${port}`].some(
    (candidate) => candidate === name || (family === 0 && candidate.endsWith(`.${name}`)),
  );
}

function isWithin(address: string, network: string, prefixBits: number): boolean {
  const isV6 = isIP(address) === 6;
  const isPrefix = Number.isInteger(prefixBits) && prefixBits >= 0;
  if (isIP(address) === 0 || !isPrefix || prefixBits > (isV6 ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, prefixBits, isV6 ? 'ipv6' : 'ipv4');
  return list.check(address, isV6 ? 'ipv6' : 'ipv4');
}
