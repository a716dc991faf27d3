"""Writes what a reader of a detector must know into the file itself.

Labels and normalisation as TensorFlow Lite metadata (metadata_schema.fbs, identifier M001): a buffer
of the model describes it, and the label file is a zip archive appended to it. Fields are given by
their number in that schema.
"""

import io
import zipfile

import flatbuffers
from ai_edge_litert import schema_py_generated as schema
from flatbuffers import flexbuffers

LABELS_FILE = "labelmap.txt"
OUTPUT_NAMES = ("detection_boxes", "detection_classes", "detection_scores", "num_detections")
# Unions and enumerations of the schema.
FEATURE, IMAGE, BOUNDING_BOX = 1, 2, 3
NORMALIZATION = 1
RGB, BOUNDARIES, VALUE_LABELS = 1, 1, 3
# A fixed date, so that the same model gives the same bytes.
DATE = (1980, 1, 1, 0, 0, 0)


class _Writer(flatbuffers.Builder):
    """A builder to which tables are given whole."""

    def table(self, fields: dict) -> int:
        """`fields`: number to (kind, value); `ref` stands for what was written before."""
        self.StartObject(max(fields, default=-1) + 1)
        for number, (kind, value) in fields.items():
            if kind == "ref":
                self.PrependUOffsetTRelativeSlot(number, value, 0)
            elif kind == "int8":
                self.PrependInt8Slot(number, value, 0)
            elif kind == "int32":
                self.PrependInt32Slot(number, value, 0)
        return self.EndObject()

    def refs(self, offsets) -> int:
        return self._vector(offsets, self.PrependUOffsetTRelative)

    def floats(self, values) -> int:
        return self._vector(values, self.PrependFloat32)

    def uints(self, values) -> int:
        return self._vector(values, self.PrependUint32)

    def _vector(self, values, prepend) -> int:
        self.StartVector(4, len(values), 4)
        for value in reversed(values):
            prepend(value)
        return self.EndVector()


def with_metadata(model: bytes, labels: list[str], name: str, mean: float, std: float) -> bytes:
    """The model with the labels of its classes and the normalisation of its input embedded."""
    parsed = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(model, 0))
    _order_outputs(parsed)
    buffer = schema.BufferT()
    buffer.data = list(_describe(name, mean, std, has_postprocess=_postprocess(parsed) is not None))
    parsed.buffers.append(buffer)
    entry = schema.MetadataT()
    entry.name = "TFLITE_METADATA"
    entry.buffer = len(parsed.buffers) - 1
    parsed.metadata = [*(parsed.metadata or []), entry]
    builder = flatbuffers.Builder(len(model) + 4096)
    builder.Finish(parsed.Pack(builder), b"TFL3")
    file = io.BytesIO(bytes(builder.Output()))
    file.seek(0, io.SEEK_END)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(LABELS_FILE, DATE), "".join(f"{label}\n" for label in labels))
    return file.getvalue()


def _postprocess(model):
    return next(
        (
            operator
            for operator in model.subgraphs[0].operators
            if model.operatorCodes[operator.opcodeIndex].customCode == b"TFLite_Detection_PostProcess"
        ),
        None,
    )


def _order_outputs(model) -> None:
    """Puts the outputs of the post-processing in its own order, named and with their shapes.

    The converter gives them in any order, without shapes.
    """
    operator = _postprocess(model)
    if operator is None:
        return
    graph = model.subgraphs[0]
    most = flexbuffers.Loads(bytes(operator.customOptions))["max_detections"]
    shapes = ([1, most, 4], [1, most], [1, most], [1])
    for index, name, shape in zip(operator.outputs, OUTPUT_NAMES, shapes):
        graph.tensors[index].name = name
        graph.tensors[index].shape = shape
    graph.outputs = list(operator.outputs)
    # They name the outputs as they were.
    model.signatureDefs = None


def _describe(name: str, mean: float, std: float, has_postprocess: bool) -> bytes:
    w = _Writer(1024)

    def content(kind: int, properties: int) -> int:
        return w.table({0: ("int8", kind), 1: ("ref", properties)})

    def tensor(title: str, kind: int, properties: int, **more: int) -> int:
        title_at = w.CreateString(title)
        fields = {0: ("ref", title_at), 3: ("ref", content(kind, properties))}
        if "process_units" in more:
            fields[4] = ("ref", more["process_units"])
        if "stats" in more:
            fields[5] = ("ref", more["stats"])
        if "files" in more:
            fields[6] = ("ref", more["files"])
        return w.table(fields)

    options = w.table({0: ("ref", w.floats([mean])), 1: ("ref", w.floats([std]))})
    units = w.refs([w.table({0: ("int8", NORMALIZATION), 1: ("ref", options)})])
    stats = w.table({0: ("ref", w.floats([255.0])), 1: ("ref", w.floats([0.0]))})
    image = tensor("image", IMAGE, w.table({0: ("int8", RGB)}), process_units=units, stats=stats)
    file_name = w.CreateString(LABELS_FILE)
    files = w.refs([w.table({0: ("ref", file_name), 2: ("int8", VALUE_LABELS)})])
    feature = lambda: w.table({})
    if has_postprocess:
        # Where left, top, right and bottom stand.
        box = w.table({0: ("ref", w.uints([1, 0, 3, 2])), 1: ("int8", BOUNDARIES)})
        outputs = [
            tensor("location", BOUNDING_BOX, box),
            tensor("category", FEATURE, feature(), files=files),
            tensor("score", FEATURE, feature()),
            tensor("number of detections", FEATURE, feature()),
        ]
    else:
        outputs = [tensor("output", FEATURE, feature(), files=files)]
    graph = w.table({2: ("ref", w.refs([image])), 3: ("ref", w.refs(outputs))})
    title, version, parser = (w.CreateString(text) for text in (name, "v1", "1.2.0"))
    graphs = w.refs([graph])
    root = w.table({0: ("ref", title), 2: ("ref", version), 3: ("ref", graphs), 7: ("ref", parser)})
    w.Finish(root, b"M001")
    return bytes(w.Output())
