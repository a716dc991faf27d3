import type { LibraryPin } from './library-pin.js';

/** What of a machine decides whether LiteRT's library can be loaded. */
export interface Platform {
  /** As `process.arch`: of this Node.js, which may be 32-bit under a 64-bit kernel. */
  readonly arch: string;
  /** Version of the GNU C library, such as `2.36`; null with another one, such as musl. */
  readonly glibc: string | null;
}

/** The platform of this process. Takes some 10 ms. */
export function currentPlatform(): Platform {
  // Else it looks up the names of open connections, which can take seconds.
  const report = Object.assign(process.report, { excludeNetwork: true });
  const { header } = report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return { arch: process.arch, glibc: header?.glibcVersionRuntime ?? null };
}

/** Why the build that is pinned for this platform cannot be loaded on it; null when it can. */
export function whyUnsupported(platform: Platform, pin: LibraryPin | null): string | null {
  if (pin === null) {
    const hint = platform.arch === 'arm' ? '; a 64-bit system is needed (arm64)' : '';
    return `there is no LiteRT for this Node.js (${platform.arch})${hint}`;
  }
  if (platform.glibc === null) {
    return `LiteRT needs the GNU C library ${pin.glibc} or later, and this system has another one`;
  }
  if (isOlder(platform.glibc, pin.glibc)) {
    return `LiteRT needs the GNU C library ${pin.glibc} or later, and this system has ${platform.glibc}`;
  }
  return null;
}

function isOlder(version: string, needed: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  return major === neededMajor ? minor < neededMinor : major < neededMajor;
}
