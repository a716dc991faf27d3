import type { BrokerCertificates, BrokerSecrets } from '../config/secrets.js';
import { messageOf } from '../errors.js';
import type { Log } from '../log.js';

/** What TLS needs for one connection. */
export interface RenewedTls extends BrokerCertificates {
  readonly serverName: string | null;
}

/**
 * Reads at each call what TLS needs, since certificates are renewed while we run. Files that cannot
 * be used are told of once, and what was good last goes on being used: whoever renews them may just
 * be half way through. Never rejects.
 */
export function renewedTls(
  { caPem, clientCertificate, renewed }: BrokerSecrets,
  serverName: string | null,
  log: Log,
): () => Promise<RenewedTls> {
  let good: BrokerCertificates = { caPem, clientCertificate };
  let told: string | null = null;
  return async () => {
    try {
      good = await renewed();
      told = null;
    } catch (error) {
      const detail = messageOf(error);
      if (detail !== told) log.error(`${detail}; the certificates from before are used`);
      told = detail;
    }
    return { ...good, serverName };
  };
}
