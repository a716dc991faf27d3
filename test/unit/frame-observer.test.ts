import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { FrameObserver } from '../../src/daemon/frame-observer.js';
import { FrameMeter } from '../../src/health/frame-meter.js';
import { Problems } from '../../src/health/problems.js';
import { LogDigest } from '../../src/log/log-digest.js';
import { Liveness } from '../../src/supervision/liveness.js';
import { RecordingPublisher } from '../helpers/pipeline-parts.js';
import { RecordingLog } from '../helpers/recording-log.js';

describe('FrameObserver', () => {
  let notified: string[];
  let publisher: RecordingPublisher;
  let failures: LogDigest;
  let observer: FrameObserver;

  beforeEach(() => {
    notified = [];
    publisher = new RecordingPublisher();
    failures = new LogDigest(new RecordingLog(), 'Cannot detect');
    observer = new FrameObserver({
      ...{ publisher, failures, liveness: new Liveness(), meter: new FrameMeter() },
      supervisor: { notify: (state, status) => void notified.push(`${state} ${status}`) },
      problems: new Problems(() => {}),
    });
  });

  afterEach(() => failures[Symbol.dispose]());

  it('is ready with a frame that comes while detection is switched off', () => {
    observer.framePassedOver('paused');
    observer.framePassedOver('paused');
    assert.deepEqual(notified, ['ready Detection is switched off']);
    assert.equal(observer.isOnline, true);
    assert.deepEqual(publisher.states, [{ kind: 'camera', online: true }]);
  });

  it('is not ready with a frame that is one too many: another is being detected', () => {
    observer.framePassedOver('over_rate');
    assert.deepEqual(notified, []);
    assert.equal(observer.isOnline, false);
  });

  it('has a camera that is away and comes back while detection is switched off', () => {
    observer.framePassedOver('paused');
    observer.cameraState({ online: false, reason: 'unplugged' });
    assert.equal(observer.isOnline, false);
    observer.framePassedOver('paused');
    assert.deepEqual(
      publisher.states.map((state) => state.kind === 'camera' && state.online),
      [true, false, true],
    );
  });
});
