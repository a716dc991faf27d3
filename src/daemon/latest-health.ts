import type { HealthPayload } from '../contract/health-schema.js';
import type { HealthReports } from '../health/health-reporter.js';

/**
 * How it works, for those who ask and are made before there are reports: health tells of commands,
 * and commands ask for health.
 */
export class LatestHealth {
  #reports: Pick<HealthReports, 'latest'> = { latest: null };

  /** How it was some seconds ago; null before it was looked at for the first time. */
  get latest(): HealthPayload | null {
    return this.#reports.latest;
  }

  /** Whether the machine knows the time; null: it does not tell, or was not asked yet. */
  get isClockSynced(): boolean | null {
    return this.latest?.clock.synced ?? null;
  }

  /** Names where it comes from. */
  from(reports: Pick<HealthReports, 'latest'>): void {
    this.#reports = reports;
  }
}
