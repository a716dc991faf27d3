/*
 * The bare interpreter in Node: runs a model when a line on stdin says how often, and is idle
 * otherwise. Arguments: model file, file with the bytes of its input, engine choice as JSON.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createInterpreter } from '../src/detection/create-interpreter.js';
import type { Interpreter } from '../src/detection/interpreter.js';
import type { EngineChoice } from '../src/domain/engine.js';
import { messageOf } from '../src/errors.js';

const [, , modelFile = '', inputFile = '', choice = ''] = process.argv;
try {
  await serve(load(), createInterface({ input: process.stdin }));
} catch (thrown) {
  process.stderr.write(`${messageOf(thrown)}\n`);
  process.exitCode = 1;
}

function load(): Interpreter {
  const model = new Uint8Array(readFileSync(modelFile));
  const interpreter = createInterpreter(model.buffer, JSON.parse(choice) as EngineChoice);
  const picture = readFileSync(inputFile);
  const input = interpreter.inputs[0]?.data;
  if (input?.byteLength !== picture.byteLength) {
    throw new Error(
      `its input has ${input?.byteLength ?? 0} bytes, expected ${picture.byteLength}`,
    );
  }
  new Uint8Array(input.buffer, input.byteOffset, input.byteLength).set(picture);
  interpreter.invoke();
  return interpreter;
}

async function serve(interpreter: Interpreter, lines: AsyncIterable<string>): Promise<void> {
  say({ ready: true });
  for await (const line of lines) {
    const durationsMs = Array.from({ length: Number(line) }, () => {
      const begin = performance.now();
      interpreter.invoke();
      return performance.now() - begin;
    });
    say({ durationsMs });
  }
}

function say(answer: object): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
