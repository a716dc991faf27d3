import type { CommandSpec } from './command-context.js';

const JSON_OPTION = { flags: '--json', doc: 'One JSON document on stdout and nothing else.' };
/** Sections of the configuration that say how to detect. */
const DETECTING = ['engine', 'threads', 'state_dir'];

/** Every command. To add one: a file named after it in this folder and an entry here. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: 'run',
    summary: 'the daemon: camera to MQTT, until it is asked to stop',
    positionals: '',
    options: [],
    config: 'all',
    load: async () => (await import('./run.js')).runCommand,
  },
  {
    name: 'demo',
    summary: 'see it work: a drawn scene, a detector and a broker of its own',
    positionals: '',
    options: [],
    config: [
      'node',
      'camera',
      'model',
      ...DETECTING,
      'queue',
      'tracking',
      'zones',
      'commands',
      'mqtt',
      'http',
      'images',
      'log',
    ],
    load: async () => (await import('./demo.js')).demoCommand,
  },
  {
    name: 'tail',
    summary: 'what is published at the broker, as a person would like to read it',
    positionals: '',
    options: [],
    config: 'all',
    load: async () => (await import('./tail.js')).tailCommand,
  },
  {
    name: 'check',
    summary: 'validate the configuration and show what would be used and published',
    positionals: '',
    options: [],
    config: 'all',
    load: async () => (await import('./check.js')).checkCommand,
  },
  {
    name: 'forget',
    summary: 'leave nothing of this node at the broker: clears all retained topics',
    positionals: '',
    options: [{ flags: '--force', doc: 'Also while the node says that it is online.' }],
    config: 'all',
    load: async () => (await import('./forget.js')).forgetCommand,
  },
  {
    name: 'schema',
    summary: 'the contract of the topics, for programs: asyncapi, or the JSON Schema of a payload',
    positionals: '<name>',
    options: [],
    config: [],
    load: async () => (await import('./schema.js')).schemaCommand,
  },
  {
    name: 'detect',
    summary: 'what a model sees in pictures',
    positionals: '<image...>',
    options: [
      { flags: '--model <file>', doc: 'TensorFlow Lite detector.' },
      { flags: '--labels <file>', doc: 'Label file, instead of the labels inside the model.' },
      { flags: '--threshold <score>', doc: 'Lowest score that is told, 0 to 1. Default: 0.5.' },
      { flags: '--annotate <out>', doc: 'Draw the boxes into this folder, or .jpg file.' },
      JSON_OPTION,
    ],
    config: DETECTING,
    load: async () => (await import('./detect.js')).detectCommand,
  },
  {
    name: 'models inspect',
    summary: 'what a model is, and whether it can be used',
    positionals: '<file>',
    options: [
      { flags: '--labels <file>', doc: 'Label file, instead of the labels inside the model.' },
      { flags: '--measure', doc: 'Measure engines anew, even where the best is known.' },
      JSON_OPTION,
    ],
    config: DETECTING,
    load: async () => (await import('./models-inspect.js')).modelsInspectCommand,
  },
  {
    name: 'models optimize',
    summary: 'write a model in a form that is faster to compute',
    positionals: '<file>',
    options: [
      {
        flags: '--out <file>',
        doc: 'File to write. Default: beside the model, .optimized.tflite.',
      },
      { flags: '--explain', doc: 'What became of each operator, and the error it can bring.' },
      JSON_OPTION,
    ],
    config: [],
    load: async () => (await import('./models-optimize.js')).modelsOptimizeCommand,
  },
  {
    name: 'engine list',
    summary: 'which engines can run models here, and why the others cannot',
    positionals: '',
    options: [JSON_OPTION],
    config: [],
    load: async () => (await import('./engine-list.js')).engineListCommand,
  },
  {
    name: 'engine pull',
    summary: 'fetch and verify the library of the fast engine, LiteRT',
    positionals: '',
    options: [
      { flags: '--from <file>', doc: 'A wheel or library, instead of the package index.' },
      { flags: '--optional', doc: 'For installations: say why it is not to be had, and exit 0.' },
    ],
    config: [],
    load: async () => (await import('./engine-pull.js')).enginePullCommand,
  },
  {
    name: 'bench',
    summary: 'figures of this machine: bare inference, whole pipeline, CPU, memory',
    positionals: '',
    options: [
      { flags: '--model <file>', doc: 'TensorFlow Lite detector, instead of model.file.' },
      { flags: '--source <path>', doc: 'Video or folder of pictures, instead of the camera.' },
      { flags: '--frames <count>', doc: 'Frames to detect. Default: 300.' },
      {
        flags: '--warm-up <count>',
        doc: 'Frames to detect before, while code is still compiled; at most 20 s. Default: 1000.',
      },
      JSON_OPTION,
    ],
    config: 'all',
    load: async () => (await import('./bench.js')).benchCommand,
  },
];
