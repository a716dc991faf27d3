import { CUSTOM_OPERATOR_CODE } from '../operator-names.js';
import { moveArchive } from './appended-archive.js';
import { FlatWriter, type Place } from './flat-writer.js';
import type {
  Graph,
  GraphBuffer,
  GraphOperator,
  GraphTensor,
  OperatorCode,
  Quantisation,
} from './graph.js';
import {
  BUFFER,
  BUFFER_LAYOUT,
  CODE,
  CODE_LAYOUT,
  GRAPH,
  GRAPH_LAYOUT,
  MODEL,
  MODEL_LAYOUT,
  OPERATOR,
  OPERATOR_LAYOUT,
  QUANTISATION,
  QUANTISATION_LAYOUT,
  TENSOR,
  TENSOR_LAYOUT,
} from './tflite-schema.js';

/** Larger builtin codes do not fit the field of the first schema, which then says this. */
const PLACEHOLDER_CODE = 127;
/** A table of the graph and what it refers to, about. */
const BYTES_PER_TABLE = 400;

/**
 * Writes an edited graph as a model file. What is the same object as in `original` stays where it
 * stood in the old file, and all that the schema in use here does not name stays as it was.
 * @param file the file that `original` was read from.
 * @throws RangeError when a table that must be written anew has fields that are not known here.
 */
export function writeGraph(
  file: Uint8Array,
  original: Graph,
  edited: Graph,
): Uint8Array<ArrayBuffer> {
  const writer = new GraphWriter(file, original, edited);
  const bytes = writer.write();
  moveArchive(bytes, bytes.length - file.length);
  return bytes;
}

class GraphWriter {
  readonly #writer: FlatWriter;
  readonly #original: Graph;
  readonly #edited: Graph;
  /** Vectors of zeros by length: every channel-wise tensor needs one. */
  readonly #zeros = new Map<number, Place>();

  constructor(file: Uint8Array, original: Graph, edited: Graph) {
    const tables = edited.tensors.length + edited.operators.length;
    this.#writer = new FlatWriter(file, (tables + 100) * BYTES_PER_TABLE);
    this.#original = original;
    this.#edited = edited;
  }

  write(): Uint8Array<ArrayBuffer> {
    const { model, source, others } = this.#original;
    const graph = this.#writer.table(source, GRAPH_LAYOUT, {
      [GRAPH.tensors]: this.#list('tensors', (tensor) => this.#tensor(tensor)),
      [GRAPH.operators]: this.#list('operators', (operator) => this.#operator(operator)),
    });
    const graphs = others.map(({ position }) => this.#writer.old(position));
    const root = this.#writer.table(model, MODEL_LAYOUT, {
      [MODEL.codes]: this.#list('codes', (code) => this.#code(code)),
      [MODEL.graphs]: this.#writer.tables([graph, ...graphs]),
      [MODEL.buffers]: this.#list('buffers', (buffer) => this.#buffer(buffer)),
    });
    return this.#writer.finish(root, 'TFL3');
  }

  #list<K extends 'codes' | 'buffers' | 'tensors' | 'operators'>(
    key: K,
    write: (item: Graph[K][number]) => Place,
  ): Place {
    const known = new Set<unknown>(this.#original[key]);
    const places = this.#edited[key].map((item) => {
      const isOld = known.has(item) && item.source;
      return isOld ? this.#writer.old(isOld.position) : write(item);
    });
    return this.#writer.tables(places);
  }

  #code({ source, builtin, name, version }: OperatorCode): Place {
    const isNewCustom = source === null && builtin === CUSTOM_OPERATOR_CODE;
    return this.#writer.table(source, CODE_LAYOUT, {
      [CODE.oldBuiltin]: Math.min(builtin, PLACEHOLDER_CODE),
      ...(isNewCustom && { [CODE.customName]: this.#writer.text(name) }),
      [CODE.builtin]: builtin,
      [CODE.version]: version,
    });
  }

  #operator(operator: GraphOperator): Place {
    const { source, code, inputs, outputs, options, customOptions } = operator;
    const oldOptions = source?.table(OPERATOR.options) ?? null;
    return this.#writer.table(source, OPERATOR_LAYOUT, {
      [OPERATOR.code]: code,
      ...(options && {
        [OPERATOR.optionsCode]: options.table.code,
        [OPERATOR.options]: this.#writer.table(oldOptions, options.table.layout, options.fields),
      }),
      ...(customOptions && { [OPERATOR.customOptions]: this.#writer.bytes(customOptions) }),
      [OPERATOR.inputs]: this.#writer.int32s(inputs),
      [OPERATOR.outputs]: this.#writer.int32s(outputs),
    });
  }

  #tensor({ source, name, shape, type, buffer, quantisation }: GraphTensor): Place {
    const isReshaped = `${source.int32s(TENSOR.shape)}` !== `${shape}`;
    return this.#writer.table(source, TENSOR_LAYOUT, {
      ...(isReshaped && {
        [TENSOR.shape]: this.#writer.int32s(shape),
        [TENSOR.shapeSignature]: null,
      }),
      [TENSOR.name]: this.#writer.text(name),
      [TENSOR.type]: type,
      [TENSOR.buffer]: buffer,
      [TENSOR.quantisation]: quantisation && this.#quantisation(quantisation),
    });
  }

  #quantisation({ scales, zeroPoints, dimension }: Quantisation): Place {
    return this.#writer.table(null, QUANTISATION_LAYOUT, {
      [QUANTISATION.scale]: this.#writer.float32s(scales),
      [QUANTISATION.zeroPoint]: this.#zeroPoints(zeroPoints),
      [QUANTISATION.dimension]: dimension,
    });
  }

  #zeroPoints(zeroPoints: readonly number[]): Place {
    if (zeroPoints.some((zeroPoint) => zeroPoint !== 0)) return this.#writer.int64s(zeroPoints);
    const known = this.#zeros.get(zeroPoints.length);
    if (known !== undefined) return known;
    const written = this.#writer.int64s(zeroPoints);
    this.#zeros.set(zeroPoints.length, written);
    return written;
  }

  /** Bytes of the same length take the place of the old ones; others are written anew. */
  #buffer({ source, data }: GraphBuffer): Place {
    const old = source?.target(BUFFER.data) ?? null;
    if (source && old !== null && source.bytes(BUFFER.data).length === data.length) {
      this.#writer.overwrite(old + 4, data);
      return this.#writer.old(source.position);
    }
    // A vector that is present must not be empty: LiteRT refuses it in a computed tensor's buffer.
    const vector = data.length === 0 ? null : this.#writer.bytes(data);
    return this.#writer.table(source, BUFFER_LAYOUT, { [BUFFER.data]: vector });
  }
}
