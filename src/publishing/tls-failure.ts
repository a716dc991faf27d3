/** Why TLS did not come about. */
export interface TlsProblem {
  /** Half a sentence for people, that names the key to change. */
  readonly detail: string;
  /** A certificate, the broker's or ours, is not accepted: somebody has to change something. */
  readonly isDistrust: boolean;
}

/** A certificate can bear hundreds of names, of its maker's choice. */
const MAX_NAMES_LENGTH = 120;

const UNKNOWN_CA = "the broker's certificate is not signed by a known CA, is mqtt.ca_file right?";
const NO_CERTIFICATE =
  'the broker demands a client certificate, set mqtt.cert_file and mqtt.key_file';
const OUR_CA = 'the broker does not know the CA of our certificate, is mqtt.cert_file right?';
const OUR_CERTIFICATE = 'the broker does not accept our certificate, is mqtt.cert_file right?';

/** OpenSSL's codes for a certificate that is not accepted. */
const DISTRUST: ReadonlyMap<unknown, string> = new Map([
  // What we think of the broker's.
  ['SELF_SIGNED_CERT_IN_CHAIN', UNKNOWN_CA],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', UNKNOWN_CA],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', UNKNOWN_CA],
  ['UNABLE_TO_GET_ISSUER_CERT', UNKNOWN_CA],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNKNOWN_CA],
  ['CERT_SIGNATURE_FAILURE', UNKNOWN_CA],
  ['CERT_UNTRUSTED', UNKNOWN_CA],
  ['INVALID_CA', 'a certificate in mqtt.ca_file, or of the broker, is not one of a CA'],
  ['INVALID_PURPOSE', "the broker's certificate is not meant for servers"],
  // What the broker says of ours, as alerts of RFC 8446 section 6.2.
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', NO_CERTIFICATE],
  // Before TLS 1.3 this means much; with TLS 1.2 in common on both sides it means this.
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', NO_CERTIFICATE],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', OUR_CA],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', OUR_CERTIFICATE],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN', OUR_CERTIFICATE],
  ['ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE', OUR_CERTIFICATE],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED', 'our certificate is revoked, renew mqtt.cert_file'],
  ['ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR', OUR_CERTIFICATE],
  ['ERR_SSL_TLSV1_ALERT_ACCESS_DENIED', OUR_CERTIFICATE],
]);

const NO_TLS = 'TLS handshake failed, does the port in mqtt.url speak TLS?';
const OLD_TLS = 'the broker offers no TLS of version 1.2 or later';

const OTHERS: ReadonlyMap<unknown, string> = new Map([
  ['EPROTO', NO_TLS],
  ['ERR_SSL_WRONG_VERSION_NUMBER', NO_TLS],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', NO_TLS],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', OLD_TLS],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', OLD_TLS],
  ['ERR_SSL_TLSV1_UNRECOGNIZED_NAME', 'the broker has no certificate for the name it is asked for'],
]);

/**
 * The problem behind what a TLS socket threw; null when it has nothing to do with TLS.
 * @param nowMs this machine's clock, Unix ms.
 */
export function tlsProblem(thrown: unknown, nowMs: number): TlsProblem | null {
  if (!(thrown instanceof Error) || !('code' in thrown)) return null;
  const { code } = thrown;
  // Only the day: the same failure is told once, and its text must stay the same for that.
  const today = new Date(nowMs).toISOString().slice(0, 10);
  switch (code) {
    case 'CERT_NOT_YET_VALID':
      // A Raspberry Pi has no clock that runs on without power. It will be right before long.
      return {
        detail: `the broker's certificate is not valid yet: this machine's clock says ${today} and may be wrong`,
        isDistrust: false,
      };
    case 'CERT_HAS_EXPIRED':
      return {
        detail: `the broker's certificate has expired (today is ${today} by this machine's clock), renew it at the broker`,
        isDistrust: true,
      };
    case 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED':
      return {
        detail: `our certificate has expired, or is not valid yet (today is ${today} by this machine's clock), renew mqtt.cert_file`,
        isDistrust: true,
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return { detail: wrongName(thrown), isDistrust: true };
    default: {
      const distrust = DISTRUST.get(code);
      if (distrust !== undefined) return { detail: distrust, isDistrust: true };
      const detail = OTHERS.get(code) ?? otherReason(code, thrown);
      return detail === null ? null : { detail, isDistrust: false };
    }
  }
}

/** Node's error has the name that was asked for and the certificate. */
function wrongName(error: Error): string {
  const host = Reflect.get(error, 'host');
  const certificate: unknown = Reflect.get(error, 'cert');
  const names: unknown =
    typeof certificate === 'object' && certificate !== null
      ? (Reflect.get(certificate, 'subjectaltname') ?? '')
      : '';
  const told =
    String(names)
      .replace(/\p{Cc}/gu, '?')
      .slice(0, MAX_NAMES_LENGTH) || 'no name';
  return `the broker's certificate is not for "${host}" but for ${told}, set mqtt.server_name or the host of mqtt.url to one of its names`;
}

/** OpenSSL's own words, without the addresses and files around them. */
function otherReason(code: unknown, error: Error): string | null {
  if (!String(code).startsWith('ERR_SSL_')) return null;
  const reason = Reflect.get(error, 'reason');
  return `TLS failed: ${typeof reason === 'string' ? reason : code}`;
}
