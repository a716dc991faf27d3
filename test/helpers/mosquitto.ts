import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** For a test's `skip` option: false where Mosquitto is installed, else the reason in a line. */
export const noMosquitto: string | false = ['mosquitto', 'mosquitto_sub'].every(
  (program) => spawnSync(program, ['-h']).error === undefined,
)
  ? false
  : 'mosquitto and mosquitto_sub are not installed';

export interface MosquittoUser {
  readonly name: string;
  readonly password: string;
}

/** What the broker demands and offers. */
export interface MosquittoOptions {
  /** The only one who may log in, or all who may; without them everyone may. */
  readonly user?: MosquittoUser | readonly MosquittoUser[];
  /** Keeps retained messages in a file, which is written after a hundred changes or by `save`. */
  readonly isPersistent?: boolean;
  /** Further lines of mosquitto.conf. */
  readonly config?: readonly string[];
}

/** A real broker on a port of 127.0.0.1 that it keeps over restarts. */
export class Mosquitto implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | null = null;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  /** A broker that has its port and its configuration but does not run yet. */
  static async prepare(options: MosquittoOptions = {}): Promise<Mosquitto> {
    const folder = mkdtempSync(join(tmpdir(), 'lookout-mosquitto-'));
    const broker = new Mosquitto(await freePort(), folder);
    const lines = [`listener ${broker.port} 127.0.0.1`, 'log_dest none'];
    // The broker gives up root for a user of its own.
    chmodSync(folder, 0o777);
    if (options.isPersistent) {
      lines.push('persistence true', `persistence_location ${folder}/`);
      lines.push('autosave_on_changes true', 'autosave_interval 100');
    } else {
      lines.push('persistence false');
    }
    if (options.user) {
      broker.#writePasswords([options.user].flat());
      lines.push('allow_anonymous false', `password_file ${broker.#passwords}`);
    } else {
      lines.push('allow_anonymous true');
    }
    writeFileSync(broker.#config, [...lines, ...(options.config ?? []), ''].join('\n'));
    return broker;
  }

  /** A broker that runs. */
  static async start(options: MosquittoOptions = {}): Promise<Mosquitto> {
    const broker = await Mosquitto.prepare(options);
    await broker.start();
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  get #config(): string {
    return join(this.#folder, 'mosquitto.conf');
  }

  get #passwords(): string {
    return join(this.#folder, 'passwords');
  }

  /** Changes who may log in, soon; those who are in and may no longer be are thrown out. */
  admit(users: readonly MosquittoUser[]): void {
    this.#writePasswords(users);
    this.#process?.kill('SIGHUP');
  }

  /** Starts it, again if need be; resolves when it accepts connections. */
  async start(): Promise<void> {
    const process = spawn('mosquitto', ['-c', this.#config], { stdio: 'ignore' });
    this.#process = process;
    await eventually('Mosquitto accepts connections', () => {
      if (process.exitCode !== null) throw new Error(`Mosquitto ended with ${process.exitCode}`);
      return accepts(this.port);
    });
  }

  /** Ends it, by default without leave-taking. */
  async stop(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const process = this.#process;
    this.#process = null;
    if (!process || process.exitCode !== null || process.signalCode !== null) return;
    process.kill(signal);
    await once(process, 'exit');
  }

  /** Has a persistent broker write its file, soon. */
  save(): void {
    this.#process?.kill('SIGUSR1');
  }

  #writePasswords(users: readonly MosquittoUser[]): void {
    writeFileSync(
      this.#passwords,
      users.map(({ name, password }) => `${name}:${password}\n`).join(''),
    );
    const hashed = spawnSync('mosquitto_passwd', ['-U', this.#passwords]);
    if (hashed.status !== 0) throw new Error(`mosquitto_passwd failed: ${hashed.stderr}`);
    chmodSync(this.#passwords, 0o644);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
