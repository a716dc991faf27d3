import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { eventually } from './eventually.js';

/** Binds the socket, says so, and prints each datagram on a line with its line breaks as `|`. */
const RECEIVER = `
  use Socket; $| = 1;
  my $path = $ARGV[0]; $path =~ s/^@/\\0/;
  socket(my $socket, AF_UNIX, SOCK_DGRAM, 0) or die $!;
  bind($socket, pack_sockaddr_un($path)) or die $!;
  print "bound\\n";
  while (defined recv($socket, my $message, 8192, 0)) { $message =~ tr/\\n/|/; print "$message\\n" }
`;

/** What systemd is to a service: a process of its own with a datagram socket (Node has none). */
export class NotifyReceiver implements AsyncDisposable {
  /** Every message so far, its lines parted by `|`. */
  readonly messages: string[] = [];
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess) {
    this.#process = process;
  }

  /** Listens on a file's path or, with a leading `@`, on an abstract name. */
  static async start(socketPath: string): Promise<NotifyReceiver> {
    const child = spawn('perl', ['-e', RECEIVER, socketPath], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const receiver = new NotifyReceiver(child);
    const lines = createInterface(child.stdout);
    const died = once(child, 'exit').then(() => Promise.reject(new Error('the receiver died')));
    await Promise.race([once(lines, 'line'), died]);
    lines.on('line', (line) => receiver.messages.push(line));
    return receiver;
  }

  /** Stops reading, as a busy systemd does; the socket's queue fills up. */
  async pause(): Promise<void> {
    this.#process.kill('SIGSTOP');
    const stat = `/proc/${this.#process.pid}/stat`;
    await eventually('the receiver standing still', () => /\) T /.test(readFileSync(stat, 'utf8')));
  }

  resume(): void {
    this.#process.kill('SIGCONT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exited = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await exited;
  }
}
