import { fileURLToPath } from 'node:url';
import { type EngineSetup, engineChoice, setupText } from '../src/domain/engine.js';
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
  /** The same rewritten; null where there is nothing to rewrite. */
  readonly rewrittenFile: string | null;
  readonly inputFile: string;
  readonly threads: number;
  /** What Lookout itself chooses. */
  readonly auto: EngineSetup;
  /** LiteRT's shared library; null where there is none. */
  readonly libraryFile: string | null;
  readonly python: PythonPeer;
}

/** All that can compete, in the order of the tables. */
export function contestantsOf(field: ContestField): Contestant[] {
  const { modelFile, rewrittenFile, inputFile, threads, auto, libraryFile, python } = field;
  const contestants = new Map<string, EngineSetup>([[AUTO, auto]]);
  if (libraryFile !== null) {
    const litert = { name: 'litert', kernels: 'xnnpack', form: 'original', threads } as const;
    if (rewrittenFile !== null)
      contestants.set('LiteRT, rewritten', { ...litert, form: 'rewritten' });
    contestants.set('LiteRT', litert);
    contestants.set('LiteRT, builtin kernels', { ...litert, kernels: 'builtin' });
  }
  contestants.set(TFJS, { name: 'tfjs', kernels: null, form: 'original', threads });
  const inNode = Array.from(contestants, ([name, setup]): Contestant => {
    const file = setup.form === 'rewritten' ? rewrittenFile : modelFile;
    const choice = JSON.stringify(engineChoice(setup, libraryFile));
    const args = [ENGINE_CHILD, file ?? modelFile, inputFile, choice];
    return { name, engine: setupText(setup), command: process.execPath, args };
  });
  if (python.kind === 'missing') return inNode;
  const args = [peerScript('inference.py'), modelFile, inputFile, `${threads}`];
  return [...inNode, { name: PYTHON, engine: 'ai-edge-litert', command: python.program, args }];
}
