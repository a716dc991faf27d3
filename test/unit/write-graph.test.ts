import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Builder } from 'flatbuffers';
import { embeddedFiles } from '../../src/models/embedded-files.js';
import { parseModelFile } from '../../src/models/model-file.js';
import { GraphEdit } from '../../src/models/quantize/graph-edit.js';
import { readGraph } from '../../src/models/quantize/read-graph.js';
import { writeGraph } from '../../src/models/quantize/write-graph.js';
import { type Field, table, tables } from '../helpers/flat-builder.js';
import { type GraphWish, tinyGraph } from '../helpers/tiny-graph.js';
import { withFiles } from '../helpers/tiny-model.js';

const WEIGHTS = Uint8Array.from({ length: 1_000 }, (_, i) => i);
const WISH: GraphWish = {
  tensors: [
    { shape: [1, 10], scale: 0.5, zeroPoint: 3 },
    { shape: [100, 10], scale: 0.25, zeroPoint: 7, data: WEIGHTS },
    { shape: [1, 100], scale: 2, zeroPoint: 9 },
  ],
  operators: [
    {
      builtin: 32,
      name: 'Mystery',
      inputs: [0, 1, -1],
      outputs: [2],
      customOptions: Uint8Array.of(1, 2, 3),
    },
  ],
  inputs: [0],
  outputs: [2],
};
const FILE = tinyGraph(WISH);

/** Writes the graph of a file with whatever is changed in it. */
function rewritten(file: Uint8Array, change: (edit: GraphEdit) => void): Uint8Array {
  const graph = readGraph(file);
  const edit = new GraphEdit(graph);
  for (const operator of graph.operators) edit.addOperator(operator);
  change(edit);
  return writeGraph(file, graph, edit.finish());
}

describe('writeGraph', () => {
  it('leaves everything as it was where nothing was changed', () => {
    const copy = rewritten(FILE, () => {});
    assert.deepEqual(parseModelFile(copy), parseModelFile(FILE));
    assert.deepEqual(readGraph(copy).buffers[1]?.data, WEIGHTS);
  });

  it('aligns what is new and what is old to 16 bytes, whatever the length of the file', () => {
    for (let extra = 0; extra < 17; extra++) {
      const longer = new Uint8Array(FILE.length + extra);
      longer.set(FILE);
      const copy = rewritten(longer, (edit) => edit.addBuffer(Uint8Array.of(1, 2, 3)));
      assert.equal((copy.length - longer.length) % 16, 0);
      const [, old, added] = readGraph(copy).buffers;
      assert.deepEqual(old?.data, WEIGHTS);
      assert.deepEqual(added?.data, Uint8Array.of(1, 2, 3));
      assert.deepEqual(
        [old?.data, added?.data].map((data) => (data?.byteOffset ?? 1) % 16),
        [0, 0],
      );
    }
  });

  it('changes tensors, and puts bytes of the same length where the old ones stood', () => {
    const inverted = WEIGHTS.map((byte) => 255 - byte);
    const copy = rewritten(FILE, (edit) => {
      edit.replaceData(1, inverted);
      edit.replaceTensor(1, {
        ...edit.tensor(1),
        name: 'renamed',
        type: 9,
        quantisation: { scales: [1, 2], zeroPoints: [0, 0], dimension: 1 },
      });
    });
    const { tensors, buffers } = readGraph(copy);
    assert.deepEqual(buffers[1]?.data, inverted);
    assert.equal(tensors[1]?.name, 'renamed');
    assert.equal(tensors[1]?.type, 9);
    assert.deepEqual(tensors[1]?.shape, [100, 10]);
    assert.ok(copy.length < FILE.length + WEIGHTS.length, 'the weights are there twice');
    assert.deepEqual(tensors[0]?.quantisation, { scales: [0.5], zeroPoints: [3], dimension: 0 });
  });

  it('adds operators, codes and tensors', () => {
    const copy = rewritten(FILE, (edit) => {
      const added = edit.addTensor({
        ...edit.tensor(2),
        name: 'added',
        buffer: edit.emptyBuffer(),
      });
      const code = edit.codeOf({ builtin: 150, name: 'GELU', version: 2 });
      edit.addOperator({ source: null, code, inputs: [2], outputs: [added] });
    });
    const { operators } = parseModelFile(copy);
    assert.deepEqual(
      operators.map(({ name, inputs, outputs }) => ({ name, inputs, outputs })),
      [
        { name: 'Mystery', inputs: [0, 1, -1], outputs: [2] },
        { name: 'GELU', inputs: [2], outputs: [3] },
      ],
    );
    assert.deepEqual(operators[0]?.customOptions, Uint8Array.of(1, 2, 3));
    const [known, added] = readGraph(copy).codes;
    assert.deepEqual([known?.version, added?.version], [1, 2]);
  });

  it('keeps files that are appended to the model readable', () => {
    const file = withFiles(FILE, { 'labels.txt': 'apple\npear', 'more.txt': 'x' });
    const copy = rewritten(file, (edit) => edit.addBuffer(Uint8Array.of(1)));
    assert.ok(copy.length > file.length);
    assert.deepEqual(embeddedFiles(copy), embeddedFiles(file));
    assert.equal(embeddedFiles(copy).get('labels.txt'), 'apple\npear');
  });

  it('refuses to write a table anew that has fields nobody here knows', () => {
    const builder = new Builder();
    const graph = table(builder, []);
    const unknown = [...Array<Field>(8).fill({}), { int32: 1 }];
    const model = table(builder, [{}, {}, { offset: tables(builder, [graph]) }, {}, ...unknown]);
    builder.finish(model, 'TFL3');
    assert.throws(() => rewritten(builder.asUint8Array(), () => {}), {
      name: 'RangeError',
      message: 'a table has field 12, which is too new',
    });
  });

  it('refuses a file whose weights lie behind the graph', () => {
    const builder = new Builder();
    builder.startObject(2);
    builder.addFieldInt64(1, 4096n, 0n);
    const buffers = tables(builder, [builder.endObject()]);
    const graphs = tables(builder, [table(builder, [])]);
    const model = table(builder, [{}, {}, { offset: graphs }, {}, { offset: buffers }]);
    builder.finish(model, 'TFL3');
    assert.throws(() => readGraph(builder.asUint8Array()), /weights lie behind the graph/);
  });
});
