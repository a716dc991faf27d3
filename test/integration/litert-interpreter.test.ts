import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Interpreter, TensorData } from '../../src/detection/interpreter.js';
import { LitertInterpreter } from '../../src/detection/litert-interpreter.js';
import { TfjsInterpreter } from '../../src/detection/tfjs-interpreter.js';
import { addonFile } from '../../src/native-addon.js';
import { LITERT_LIBRARY, litert, noLitert } from '../helpers/litert-library.js';
import { noReferenceData, referencePath } from '../helpers/reference-data.js';
import { seededInteger, seededRandom } from '../helpers/seeded-random.js';
import { tempFolder } from '../helpers/temp-folder.js';

const CLASSIC = 'ssd_mobilenet_v1_coco_quant_detect';
const PERMUTE = 'wrongkind_permute_uint8_780bytes';
const KERNELS = ['xnnpack', 'builtin'] as const;

/** What LiteRT says of the models that it has to refuse. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  invalid_git_lfs_pointer_of_detect: /reading the file: not a valid model file/,
  invalid_html_page_saved_as_tflite: /reading the file: not a valid model file/,
  invalid_text_file_29bytes: /reading the file: not a valid model file/,
  invalid_model_invoking_error_customop: /unresolved custom op: fake-op-double; /,
  invalid_person_detect_vela_ethosu_customop: /unresolved custom op: ethos-u; /,
  invalid_whitespace_tokenizer_flexop: /tensor "input" is string, expected float32, int32, /,
  'mobilenet_v1_0.25_128_quant_edgetpu': /unresolved custom op: edgetpu-custom-op; /,
  person_detect_96_int8_classifier: /Tensor 33 has invalid quantization parameters/,
};

/** With whole numbers inside, so that both generations of the runtime compute the same. */
const SAME_TO_THE_BIT = [
  CLASSIC,
  'ssdlite_mobiledet_dog_vs_cat_quant',
  'automl_qrcode1_320_quant',
  'mobilenet_v2_1.0_224_quant_classifier',
];

const folder = tempFolder();

function modelBuffer(name: string): ArrayBuffer {
  return new Uint8Array(readFileSync(referencePath(`models/${name}.tflite`))).buffer;
}

function load(name: string, kernels: (typeof KERNELS)[number] = 'xnnpack'): LitertInterpreter {
  return LitertInterpreter.load(modelBuffer(name), litert(kernels));
}

/** The same noise for the same seed, in the range of bytes. */
function fillInputs(interpreter: Interpreter, seed: number): void {
  const random = seededRandom(seed);
  for (const { data } of interpreter.inputs) {
    for (let i = 0; i < data.length; i++) data[i] = seededInteger(random, 128);
  }
}

function outputsOf(interpreter: Interpreter): TensorData[] {
  return interpreter.outputs.map(({ data }) => data.slice());
}

// First of all: once a process has opened a library, it refuses every other file.
describe('LitertInterpreter without its library', () => {
  const loadFrom = (libraryFile: string) => () =>
    LitertInterpreter.load(new ArrayBuffer(8), { ...litert('xnnpack'), libraryFile });

  it('names the file and what the system says of it', () => {
    const text = join(folder, 'text.so');
    writeFileSync(text, 'no library');
    assert.throws(loadFrom('/absent/libLiteRt.so'), {
      message:
        'Cannot open LiteRT\'s library "/absent/libLiteRt.so": cannot open shared object file: No such file or directory',
    });
    assert.throws(loadFrom(text), /text\.so": file too short$/);
    assert.throws(loadFrom('libc.so.6'), /No such file/, 'a bare name is no search');
  });

  it('names the first function that another library lacks', () => {
    assert.throws(loadFrom(addonFile('notify')), /it has no function LiteRtCreateEnvironment$/);
  });
});

describe('LitertInterpreter', { skip: noReferenceData || noLitert }, () => {
  const models = noReferenceData
    ? []
    : readdirSync(referencePath('models')).map((name) => name.replace(/\.tflite$/, ''));

  for (const name of models) {
    const says = REFUSED[name];
    it(`${says ? 'refuses' : 'runs'} ${name}`, () => {
      for (const kernels of KERNELS) {
        if (says) {
          assert.throws(() => load(name, kernels), says);
          continue;
        }
        using interpreter = load(name, kernels);
        assert.deepEqual(interpreter.warnings, []);
        for (const { name: tensor, shape, data } of [
          ...interpreter.inputs,
          ...interpreter.outputs,
        ]) {
          assert.notEqual(tensor, '');
          assert.equal(
            data.length,
            shape.reduce((product, size) => product * size, 1),
          );
        }
        fillInputs(interpreter, 1);
        interpreter.invoke();
        const first = outputsOf(interpreter);
        interpreter.invoke();
        assert.deepEqual(outputsOf(interpreter), first, 'the same input gives the same output');
        assert.ok(
          first.some((data) => data.some((value) => value !== 0)),
          'something is computed',
        );
      }
    });
  }

  for (const name of SAME_TO_THE_BIT) {
    it(`computes ${name} with builtin kernels as TensorFlow Lite 2.9 does, to the bit`, () => {
      using ours = load(name, 'builtin');
      using theirs = new TfjsInterpreter(modelBuffer(name), 1);
      for (const seed of [1, 2]) {
        for (const interpreter of [ours, theirs]) {
          fillInputs(interpreter, seed);
          interpreter.invoke();
        }
        assert.deepEqual(outputsOf(ours), outputsOf(theirs));
      }
    });
  }

  it('computes the same with any number of threads', () => {
    const results = [1, 2, 3].map((threads) => {
      using interpreter = LitertInterpreter.load(modelBuffer(CLASSIC), litert('xnnpack', threads));
      fillInputs(interpreter, 3);
      interpreter.invoke();
      return outputsOf(interpreter);
    });
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
  });

  it('computes in the memory that JavaScript sees', () => {
    using interpreter = load(PERMUTE);
    const [input, output] = [interpreter.inputs[0], interpreter.outputs[0]];
    assert.ok(input && output);
    input.data.set([1, 2, 3, 4]);
    interpreter.invoke();
    assert.deepEqual([...output.data].sort(), [1, 2, 3, 4]);
    const before = [...output.data];
    input.data.set([5, 6, 7, 8]);
    interpreter.invoke();
    assert.deepEqual(
      [...output.data],
      before.map((value) => value + 4),
    );
  });

  it('needs no memory of JavaScript to run', () => {
    using interpreter = load(PERMUTE);
    const runs = (count: number) => {
      for (let i = 0; i < count; i++) interpreter.invoke();
      return process.memoryUsage().heapUsed;
    };
    runs(10_000);
    // An object for each run would be more than a million bytes, or a collection in between.
    assert.ok(Math.abs(runs(50_000) - runs(10_000)) < 100_000);
  });

  it('keeps its own copy of the bytes', () => {
    const bytes = modelBuffer(PERMUTE);
    using interpreter = LitertInterpreter.load(bytes, litert('builtin'));
    new Uint8Array(bytes).fill(0xff);
    interpreter.inputs[0]?.data.set([4, 3, 2, 1]);
    interpreter.invoke();
    assert.deepEqual([...(interpreter.outputs[0]?.data ?? [])].sort(), [1, 2, 3, 4]);
  });

  it('frees at once when it is disposed of, and refuses to run then', () => {
    const interpreter = load(CLASSIC);
    interpreter[Symbol.dispose]();
    for (const { data } of [...interpreter.inputs, ...interpreter.outputs]) {
      assert.equal(data.byteLength, 0);
    }
    const message = 'Cannot run the model in LiteRT: it was disposed of';
    assert.throws(() => interpreter.invoke(), { message });
    interpreter[Symbol.dispose]();
  });

  it('refuses to compute in memory that was given away', () => {
    using interpreter = load(CLASSIC);
    for (const { data } of [interpreter.outputs[1], interpreter.inputs[0]].filter((t) => !!t)) {
      structuredClone(data, { transfer: [data.buffer as ArrayBuffer] });
      assert.throws(() => interpreter.invoke(), /the memory of a tensor was transferred away$/);
    }
  });

  it('refuses bytes that are no model', () => {
    const choice = litert('xnnpack');
    const whole = modelBuffer(CLASSIC);
    assert.throws(() => LitertInterpreter.load(new ArrayBuffer(0), choice), /model has no bytes$/);
    const halves = [whole.slice(0, whole.byteLength / 2), whole.slice(whole.byteLength / 2)];
    for (const half of [...halves, new ArrayBuffer(5_000)]) {
      assert.throws(() => LitertInterpreter.load(half, choice), /not a valid model file/);
    }
  });

  it('refuses what the library would overlook', () => {
    for (const threads of [0, 1.5, Number.NaN, 65]) {
      assert.throws(
        () => LitertInterpreter.load(modelBuffer(PERMUTE), litert('builtin', threads)),
        {
          name: 'RangeError',
          message: `Cannot run a model with ${threads} threads: expected a whole number from 1 to 64`,
        },
      );
    }
    const kernels = 'fastest' as 'builtin';
    assert.throws(() => LitertInterpreter.load(modelBuffer(PERMUTE), litert(kernels)), RangeError);
  });

  it('takes one file of the library in a process, whatever it is called', () => {
    const link = join(folder, 'link.so');
    symlinkSync(LITERT_LIBRARY, link);
    using same = LitertInterpreter.load(modelBuffer(PERMUTE), {
      ...litert('builtin'),
      libraryFile: link,
    });
    same.invoke();
    const libraryFile = join(folder, 'copy.so');
    copyFileSync(LITERT_LIBRARY, libraryFile);
    assert.throws(
      () => LitertInterpreter.load(modelBuffer(PERMUTE), { ...litert('builtin'), libraryFile }),
      /copy\.so": this process has another one open$/,
    );
  });
});
