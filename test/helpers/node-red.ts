import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { PROJECT_ROOT } from './reference-data.js';
import { tempFolder } from './temp-folder.js';

const PROGRAM = join(PROJECT_ROOT, 'test/node-red/node_modules/node-red/red.js');
const START_MS = 60_000;

/** For a test's `skip` option: false where Node-RED is installed, else the reason in a line. */
export const noNodeRed: string | false = existsSync(PROGRAM)
  ? false
  : 'Node-RED is not installed (npm ci --prefix test/node-red)';

/** A node of a flow, as Node-RED writes it to files. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly [property: string]: unknown;
}

/** The flow of an example, with its broker at a port of 127.0.0.1. */
export function exampleFlow(file: string, brokerPort: number): readonly FlowNode[] {
  const text = readFileSync(join(PROJECT_ROOT, 'docs/examples', file), 'utf8');
  const broker = { broker: '127.0.0.1', port: String(brokerPort) };
  return (JSON.parse(text) as FlowNode[]).map((node) =>
    node.type === 'mqtt-broker' ? { ...node, ...broker } : node,
  );
}

/** A real Node-RED without its editor, with a flow that runs. */
export class NodeRed implements AsyncDisposable {
  /** What it has said. */
  readonly said: string[] = [];
  readonly #process: ChildProcess;
  readonly #port: number;

  private constructor(process: ChildProcess, port: number) {
    this.#process = process;
    this.#port = port;
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on('data', (text: Buffer) => this.said.push(text.toString()));
    }
  }

  /**
   * Resolves when the flow runs.
   * @param timeZone in which it lives.
   * @throws Error with what it said when it does not start.
   */
  static async start(flow: readonly FlowNode[], timeZone: string): Promise<NodeRed> {
    const folder = tempFolder();
    const port = await freePort();
    const settings = {
      ...{ uiPort: port, uiHost: '127.0.0.1', flowFile: 'flows.json', disableEditor: true },
      ...{ credentialSecret: false, telemetry: { enabled: false, updateNotification: false } },
    };
    writeFileSync(join(folder, 'settings.js'), `module.exports = ${JSON.stringify(settings)};\n`);
    writeFileSync(join(folder, 'flows.json'), JSON.stringify(flow));
    const child = spawn(process.execPath, [PROGRAM, '--userDir', folder], {
      env: { PATH: process.env.PATH, HOME: folder, TZ: timeZone },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const nodeRed = new NodeRed(child, port);
    try {
      await nodeRed.#flowsRun();
    } catch (error) {
      await nodeRed[Symbol.asyncDispose]();
      throw error;
    }
    return nodeRed;
  }

  /** Presses the button of an inject node. */
  async press(id: string): Promise<void> {
    const response = await fetch(`http://127.0.0.1:${this.#port}/inject/${id}`, { method: 'POST' });
    if (!response.ok) throw new Error(`Cannot press "${id}": Node-RED said ${response.status}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#process;
    if (exitCode !== null || signalCode !== null) return;
    this.#process.kill();
    await once(this.#process, 'exit');
  }

  async #flowsRun(): Promise<void> {
    const deadlineMs = performance.now() + START_MS;
    while (!this.said.join('').includes('Started flows')) {
      const { exitCode, stdout } = this.#process;
      if (exitCode !== null || stdout === null || performance.now() > deadlineMs) {
        throw new Error(`Node-RED does not start: ${this.said.join('')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
