/** Major version of every payload. Fields may be added within it; consumers ignore unknown ones. */
export const PAYLOAD_VERSION = 1;
