import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { documentProblems } from '../../src/discovery/check-document.js';
import type { DeviceDocument } from '../../src/discovery/component.js';
import { discoveryDocuments } from '../../src/discovery/discovery-documents.js';
import { sampleDiscovery } from '../helpers/sample-discovery.js';

const DOCUMENT = discoveryDocuments(sampleDiscovery()).devices[1]!.document;

/** The document with whatever is put in place of its parts. */
function changed(changes: object): DeviceDocument {
  return { ...DOCUMENT, ...changes };
}

/** What is found wrong with one component, after changes to it. */
function problemsWith(key: string, changes: object): readonly string[] {
  const component = { ...DOCUMENT.components[key], ...changes };
  const document = changed({ components: { ...DOCUMENT.components, [key]: component } });
  return documentProblems('id', document).map((problem) => {
    assert.equal(problem.key, key);
    return problem.detail;
  });
}

function wholeProblems(id: string, document: DeviceDocument): readonly string[] {
  return documentProblems(id, document).map((problem) => {
    assert.equal(problem.key, null);
    return problem.detail;
  });
}

describe('documentProblems()', () => {
  it('finds nothing wrong with our own documents', () => {
    for (const { id, document } of discoveryDocuments(sampleDiscovery()).devices) {
      assert.deepEqual(documentProblems(id, document), []);
    }
  });

  it('finds an id that Home Assistant would ignore', () => {
    assert.match(wholeProblems('front door', DOCUMENT)[0] ?? '', /^id "front door"/);
    const components = { 'a.b': DOCUMENT.components.motion };
    assert.equal(documentProblems('id', changed({ components }))[0]?.key, 'a.b');
  });

  for (const [what, changes, expected] of [
    ['an unknown key at the root', { v: 1 }, /unknown key "v" in document/],
    ['a base topic at the root', { '~': 'lookout' }, /unknown key "~"/],
    ['devices within the device', { child_devices: {} }, /unknown key "child_devices"/],
    ['an unknown key of the device', { device: { ...DOCUMENT.device, id: 1 } }, /"id" in device/],
    [
      'a device without identifiers',
      { device: { ...DOCUMENT.device, identifiers: [] } },
      /identif/,
    ],
    [
      'an unknown key of the origin',
      { origin: { ...DOCUMENT.origin, url: '' } },
      /"url" in origin/,
    ],
    ['an origin without a name', { origin: { sw_version: '1' } }, /"origin" has no name/],
    ['a bad address', { origin: { name: 'x', support_url: 'here' } }, /support_url/],
    ['another availability mode', { availability_mode: 'latest' }, /availability_mode/],
  ] as const) {
    it(`finds ${what}`, () => {
      const problems = wholeProblems('id', changed(changes));
      assert.equal(problems.length, 1);
      assert.match(problems[0] ?? '', expected);
    });
  }

  for (const [what, key, changes, expected] of [
    ['a missing platform', 'motion', { platform: undefined }, /unknown platform "undefined"/],
    ['an unknown platform', 'motion', { platform: 'light' }, /unknown platform "light"/],
    ['a missing unique id', 'motion', { unique_id: undefined }, /"unique_id" is missing/],
    ['an object id', 'motion', { object_id: 'x' }, /"object_id" is not allowed/],
    ['a base topic', 'motion', { '~': 'x' }, /"~" is not allowed/],
    ['a wrong domain', 'motion', { default_entity_id: 'sensor.x' }, /platform is binary_sensor/],
    ['no entity id', 'motion', { default_entity_id: 'Porch' }, /not of the form/],
    ['a missing topic', 'motion', { state_topic: undefined }, /"state_topic" is missing/],
    ['a null template', 'fps', { value_template: null }, /"value_template" is empty/],
    ['an empty name', 'motion', { name: '' }, /"name" is empty/],
    ['a name that repeats the device', 'motion', { name: 'Porch motion' }, /repeats the device/],
    ['a unit of a time', 'object_any_last_seen', { unit_of_measurement: 's' }, /has no unit/],
    ['a wrong unit', 'latency_ms', { unit_of_measurement: 'msec' }, /does not fit the class/],
    ['a sensor to configure', 'fps', { entity_category: 'config' }, /diagnostic only/],
    ['an empty range', 'max_fps', { min: 120 }, /"min" 120 is not below "max" 120/],
    ['a step too small', 'max_fps', { step: 0.0001 }, /"step" 0.0001 is below/],
    ['an event without types', 'object', { event_types: [] }, /"event_types" is empty/],
    ['a picture of another form', 'latest_image', { image_encoding: 'raw' }, /not allowed/],
    ['a camera with an image topic', 'latest_camera', { topic: undefined }, /"topic" is missing/],
    ['a trigger without a subtype', 'trigger_person_left', { subtype: undefined }, /"subtype"/],
  ] as const) {
    it(`finds ${what}`, () => {
      const problems = problemsWith(key, changes);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0] ?? '', expected);
    });
  }

  it('takes a null name for the name of the device', () => {
    assert.deepEqual(problemsWith('latest_camera', { name: null }), []);
  });

  it('finds the second of two equal unique ids on one platform, and only there', () => {
    const { motion, detect } = DOCUMENT.components;
    const twice = changed({ components: { motion, again: motion } });
    assert.deepEqual(
      documentProblems('id', twice).map(({ key }) => key),
      ['again'],
    );
    const unlike = { ...detect, unique_id: motion && 'unique_id' in motion && motion.unique_id };
    const apart = changed({ components: { motion, detect: unlike } });
    assert.deepEqual(documentProblems('id', apart), []);
  });
});
