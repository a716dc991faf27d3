import { fileURLToPath } from 'node:url';
import type { Kernels } from '../src/domain/engine.js';
import { autoEngine, type EngineRun, engineText } from './auto-engine.js';
import { type PythonPeer, peerScript } from './python-peer.js';

const ENGINE_CHILD = fileURLToPath(new URL('engine-child.js', import.meta.url));

/** Names of the contestants, as they stand in tables. */
export const AUTO = 'Lookout';
export const TFJS = 'tfjs-tflite-node';
export const PYTHON = 'Python';

/** One way of running a model: a program that answers as a LineProcess does. */
export interface Contestant {
  readonly name: string;
  /** What it runs the model with, in words. */
  readonly engine: string;
  readonly command: string;
  readonly args: readonly string[];
}

/** A model on a number of threads, and what there is to run it with. */
export interface ContestField {
  readonly modelFile: string;
  readonly inputFile: string;
  readonly threads: number;
  /** LiteRT's shared library; null where there is none. */
  readonly libraryFile: string | null;
  readonly python: PythonPeer;
}

/** All that can compete, in the order of the tables. */
export function contestantsOf(field: ContestField): Contestant[] {
  const { modelFile, inputFile, threads, libraryFile, python } = field;
  const inNode = (name: string, run: EngineRun): Contestant => ({
    name,
    engine: engineText(run),
    command: process.execPath,
    args: [ENGINE_CHILD, run.modelFile, inputFile, JSON.stringify(run.choice)],
  });
  const litert = (name: string, kernels: Kernels): Contestant[] =>
    libraryFile === null
      ? []
      : [inNode(name, { modelFile, choice: { name: 'litert', kernels, libraryFile, threads } })];
  const inPython: Contestant[] =
    python.kind === 'missing'
      ? []
      : [
          {
            name: PYTHON,
            engine: 'ai-edge-litert',
            command: python.program,
            args: [peerScript('inference.py'), modelFile, inputFile, `${threads}`],
          },
        ];
  return [
    inNode(AUTO, autoEngine(modelFile, threads)),
    ...litert('LiteRT', 'xnnpack'),
    ...litert('LiteRT, builtin kernels', 'builtin'),
    inNode(TFJS, { modelFile, choice: { name: 'tfjs', threads } }),
    ...inPython,
  ];
}
