const OURS_ALONE = /^(NOTIFY_SOCKET|WATCHDOG_.*|CREDENTIALS_DIRECTORY)$/;

/**
 * The environment that a child process may see. What systemd says to the daemon stays with it: a
 * child must neither speak for the daemon nor find its secrets.
 */
export function childEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OURS_ALONE.test(name)));
}
