import { fstatSync } from 'node:fs';

/**
 * Whether a file descriptor leads to the journal.
 * @param journalStream $JOURNAL_STREAM: device and inode, see systemd.exec(5). It is inherited by
 * programs whose output goes elsewhere, so it counts only when it names this very descriptor.
 */
export function leadsToJournal(journalStream: string | undefined, descriptor: number): boolean {
  if (!journalStream) return false;
  try {
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return journalStream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}
