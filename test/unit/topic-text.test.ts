import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeTopics } from '../../src/tailing/topic-text.js';

const EVENT = {
  phase: 'start',
  changed: [],
  object: { label: 'person', track_id: '7', score: 0.917, stationary: false, duration_s: 12.34 },
};

function say(topic: string, payload: unknown): string | null {
  return describeTopics('lookout')(
    topic,
    typeof payload === 'string' ? payload : JSON.stringify(payload),
  );
}

describe('describeTopics', () => {
  it('says who has come, stands still and has gone', () => {
    const topic = 'lookout/yard/cam/gate/event/person/';
    assert.equal(say(`${topic}start`, EVENT), 'yard: person 7 has come (92 %)');
    const still = {
      ...EVENT,
      phase: 'update',
      changed: ['stationary'],
      object: { ...EVENT.object, stationary: true },
    };
    assert.equal(say(`${topic}update`, still), 'yard: person 7 stands still');
    assert.equal(say(`${topic}update`, { ...still, changed: ['score'] }), null);
    assert.equal(
      say(`${topic}end`, { ...EVENT, phase: 'end' }),
      'yard: person 7 has gone after 12.3 s',
    );
  });

  it('says what is true of node, camera and model', () => {
    assert.equal(say('lookout/yard/status', 'online'), 'yard: online');
    assert.equal(say('lookout/yard/cam/gate/status', 'offline'), 'yard: gate is offline');
    const active = { phase: 'active', active: { name: 'ssd' } };
    assert.equal(say('lookout/yard/model/state', active), 'yard: the model ssd is active');
    const rejected = { phase: 'rejected', error: { detail: 'it is no model' } };
    assert.equal(
      say('lookout/yard/model/state', rejected),
      'yard: a model was refused: it is no model',
    );
    assert.equal(say('lookout/yard/model/state', { phase: 'warming' }), null);
  });

  it('tells numbers when they change, and not that nobody is there yet', () => {
    const describeOne = describeTopics('lookout');
    const count = (payload: string): string | null =>
      describeOne('lookout/yard/cam/gate/object/dog/count', payload);
    assert.deepEqual(['0', '2', '2', '0', '0'].map(count), [
      null,
      'yard: 2 × dog in view',
      null,
      'yard: 0 × dog in view',
      null,
    ]);
    assert.equal(say('lookout/yard/cam/gate/object/any/count', '3'), null);
    assert.equal(
      say('lookout/yard/cam/gate/zone/drive/object/dog/count', '3'),
      'yard: 3 × dog in drive',
    );
    assert.equal(say('lookout/yard/cam/gate/object/dog/active', '3'), null);
  });

  it('tells motion when it begins and ends', () => {
    const describeOne = describeTopics('lookout');
    const motion = (payload: string): string | null =>
      describeOne('lookout/yard/cam/gate/motion', payload);
    assert.deepEqual(['OFF', 'ON', 'ON', 'OFF', ''].map(motion), [
      null,
      'yard: something moves at gate',
      null,
      'yard: nothing moves at gate',
      null,
    ]);
  });

  it('tells what is wrong, once, and when it is over', () => {
    const describeOne = describeTopics('lookout');
    const alert = (payload: string): string | null =>
      describeOne('lookout/yard/alert/camera_lost', payload);
    const lost = JSON.stringify({ detail: 'it is unplugged' });
    assert.deepEqual(['', lost, lost, ''].map(alert), [
      null,
      'yard: camera_lost: it is unplugged',
      null,
      'yard: camera_lost is over',
    ]);
  });

  it('tells lines of the log, and why a camera does not run', () => {
    const line = { level: 'warn', message: 'The disk is full', count: 3 };
    assert.equal(say('lookout/yard/log', line), 'yard: warn: The disk is full (3 times)');
    assert.equal(say('lookout/yard/log', { ...line, level: 'x' }), null);
    const stalled = { phase: 'stalled', reason: 'No frame for 5 s' };
    assert.equal(
      say('lookout/yard/cam/gate/state', stalled),
      'yard: gate is stalled: No frame for 5 s',
    );
    assert.equal(say('lookout/yard/cam/gate/state', { phase: 'running', reason: null }), null);
  });

  it('says nothing of what it does not understand, whoever published it', () => {
    const payloads = [
      '',
      '{',
      'null',
      '7',
      '[]',
      '{}',
      '{"phase":"start"}',
      '{"object":7,"phase":"end"}',
      '{"object":{"label":{"toString":1},"score":"x"},"phase":"start"}',
      '{"object":{"label":"dog"},"phase":"update","changed":7}',
      '{"version":[],"engine":{"name":{},"form":null}}',
      '{"phase":"rejected","error":"x"}',
      'ON',
    ];
    const topics = [
      'status/x',
      'info',
      'model/state',
      'cam',
      'cam/c',
      'cam/c/event/l/start',
      'cam/c/object',
      'cam/c/motion',
      'cam/c/state',
      'alert',
      'alert/x',
      'log',
      'x',
      '',
    ];
    for (const topic of topics) {
      for (const payload of payloads) {
        const said = say(`lookout/yard/${topic}`, payload);
        assert.ok(said === null || typeof said === 'string');
      }
    }
    assert.equal(say('other/yard/status', 'online'), null);
  });

  it('gives a terminal nothing to obey', () => {
    assert.equal(say('lookout/yard/status', '\u001b[2Jon\u009bline\n'), 'yard: ?[2Jon?line?');
  });
});
