/** TEMP */
export const LITERT_VERSION = '2.3.0';
