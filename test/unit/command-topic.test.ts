import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  defaultReplyTopic,
  isReplyTopic,
  parseCommandTopic,
} from '../../src/commands/command-topic.js';

const PLACE = { base: 'home/lookout', node: 'pi' };

describe('parseCommandTopic', () => {
  for (const [below, expected] of [
    ['request/ping', { name: 'ping', verb: 'ping', isSetting: false, camera: null, part: null }],
    [
      'request/model/load',
      { name: 'model/load', verb: 'model/load', isSetting: false, camera: null, part: null },
    ],
    [
      'set/log_level',
      { name: 'set/log_level', verb: 'set/log_level', isSetting: true, camera: null, part: null },
    ],
    [
      'cam/porch/set/threshold/person',
      {
        name: 'set/threshold',
        verb: 'cam/porch/set/threshold/person',
        isSetting: true,
        camera: 'porch',
        part: 'person',
      },
    ],
    ['request/', null],
    ['request', null],
    ['set/', null],
    ['set/zone/', null],
    ['set/zone/a/b', null],
    ['cam/set/detect', null],
    ['cam//set/detect', null],
    ['cam/a/b/set/detect', null],
    ['setting/log_level', null],
    [`request/${'x'.repeat(193)}`, null],
    ['response/ping', null],
  ] as const) {
    it(`takes ${below.slice(0, 40)} for ${expected === null ? 'no command' : expected.name}`, () => {
      assert.deepEqual(parseCommandTopic(`home/lookout/pi/${below}`, PLACE), expected);
    });
  }

  it('knows only its own node', () => {
    assert.equal(parseCommandTopic('home/lookout/pi2/request/ping', PLACE), null);
    assert.equal(parseCommandTopic('request/ping', PLACE), null);
  });
});

describe('isReplyTopic', () => {
  for (const [topic, isLegal] of [
    ['replies/me', true],
    ['home/other', true],
    ['home/lookout/pi/response/ping', true],
    ['home/lookout/other/response/ping', true],
    ['home/lookouts/pi/status', true],
    ['x'.repeat(512), true],
    ['x'.repeat(513), false],
    ['é'.repeat(257), false],
    ['', false],
    ['a/#', false],
    ['a/+/b', false],
    ['a\0b', false],
    ['a\ud800', false],
    ['$SYS/broker', false],
    ['$share/group/topic', false],
    ['home/lookout', false],
    ['home/lookout/pi/status', false],
    ['home/lookout/pi/request/ping', false],
    ['home/lookout/other/request/ping', false],
    ['home/lookout/pi/response/', false],
    ['home/lookout/pi/set/detect', false],
    ['home/lookout/pi/cam/porch/set/detect', false],
    ['homeassistant/device/pi/config', false],
  ] as const) {
    it(`${isLegal ? 'lets' : 'does not let'} an answer go to ${JSON.stringify(topic.slice(0, 40))}`, () => {
      assert.equal(isReplyTopic(topic, PLACE.base, ['homeassistant']), isLegal);
    });
  }
});

describe('defaultReplyTopic', () => {
  it('is response/ and the verb', () => {
    assert.equal(defaultReplyTopic('model/load', PLACE), 'home/lookout/pi/response/model/load');
  });

  it('is none where it would be no topic name', () => {
    assert.equal(defaultReplyTopic('é'.repeat(250), PLACE), null);
    assert.equal(defaultReplyTopic('a/#', PLACE), null);
  });
});
