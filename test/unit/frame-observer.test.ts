import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { FrameObserver } from '../../src/daemon/frame-observer.js';
import { CameraWatch } from '../../src/health/camera-watch.js';
import { FrameMeter } from '../../src/health/frame-meter.js';
import { Problems } from '../../src/health/problems.js';
import { LogDigest } from '../../src/log/log-digest.js';
import { Liveness } from '../../src/supervision/liveness.js';
import { makeFrame } from '../helpers/frames.js';
import { emptyResult, RecordingPublisher } from '../helpers/pipeline-parts.js';
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
      camera: new CameraWatch(() => {}),
      problems: new Problems(() => {}),
    });
    observer.cameraState({ online: true });
  });

  function toldOnline(): boolean[] {
    return publisher.states.flatMap((state) => (state.kind === 'camera' ? [state.online] : []));
  }

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
    observer.cameraState({ online: true });
    observer.framePassedOver('paused');
    assert.deepEqual(toldOnline(), [true, false, true]);
  });

  it('has no camera when the frame is detected that the detector was still busy with', () => {
    const result = emptyResult(makeFrame());
    observer.frameDetected(result);
    observer.cameraState({ online: false, reason: 'unplugged' });
    observer.frameDetected(result);
    assert.equal(observer.isOnline, false);
    observer.cameraState({ online: true });
    observer.frameDetected(result);
    assert.deepEqual(toldOnline(), [true, false, true]);
  });
});
