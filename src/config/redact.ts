/**
 * A URL, well formed or not, with everything that may be a secret replaced by `***`: what stands
 * before the last `@`, a port that is no number, and the query.
 */
export function redactUrl(text: string): string {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/is.exec(text) ?? [];
  const afterUser = rest.slice(rest.lastIndexOf('@') + 1);
  const user = afterUser === rest ? '' : '***@';
  const [, host = '', path = ''] = /^([^/?#]*)(.*)$/s.exec(afterUser) ?? [];
  const plainHost = /^(\[[^\]]*\]|[^:]*)(:\d{0,5})?$/.test(host);
  return `${scheme}${user}${plainHost ? host : '***'}${path.replace(/[?#].*$/s, '?***')}`;
}
