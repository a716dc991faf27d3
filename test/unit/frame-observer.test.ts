import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameObserver } from '../../src/daemon/frame-observer.js';
import { CameraWatch } from '../../src/health/camera-watch.js';
import { FrameMeter } from '../../src/health/frame-meter.js';
import { Problems } from '../../src/health/problems.js';
import { LogDigest } from '../../src/log/log-digest.js';
import { Liveness } from '../../src/supervision/liveness.js';
import { makeFrame } from '../helpers/frames.js';
import { emptyResult, RecordingPublisher } from '../helpers/pipeline-parts.js';
import { RecordingLog } from '../helpers/recording-log.js';

const RESULT = emptyResult(makeFrame());

/** An observer, and whether the camera was told to be online, each time. */
function observed() {
  const publisher = new RecordingPublisher();
  const observer = new FrameObserver({
    liveness: new Liveness(),
    supervisor: { notify() {} },
    publisher,
    failures: new LogDigest(new RecordingLog(), 'Cannot detect'),
    meter: new FrameMeter(),
    camera: new CameraWatch(() => {}),
    problems: new Problems(() => {}),
  });
  const online = (): boolean[] =>
    publisher.states.flatMap((state) => (state.kind === 'camera' ? [state.online] : []));
  return { observer, online };
}

describe('FrameObserver', () => {
  it('says online with the first detected frame of a camera, and offline with its failure', () => {
    const { observer, online } = observed();
    observer.cameraState({ online: true });
    observer.frameArrived();
    assert.deepEqual(online(), []);
    observer.frameDetected(RESULT);
    observer.frameDetected(RESULT);
    observer.cameraState({ online: false, reason: 'gone' });
    assert.deepEqual(online(), [true, false]);
  });

  it('stays offline when the frame is detected that the detector was busy with', () => {
    const { observer, online } = observed();
    observer.cameraState({ online: true });
    observer.frameDetected(RESULT);
    observer.cameraState({ online: false, reason: 'gone' });
    observer.frameDetected(RESULT);
    assert.equal(observer.isOnline, false);
    observer.cameraState({ online: true });
    observer.frameDetected(RESULT);
    assert.deepEqual(online(), [true, false, true]);
  });

  it('is online again with frames that are passed over, as while detection is paused', () => {
    const { observer, online } = observed();
    observer.cameraState({ online: true });
    observer.framePassedOver();
    assert.deepEqual(online(), []);
    observer.frameDetected(RESULT);
    observer.cameraState({ online: false, reason: 'gone' });
    observer.cameraState({ online: true });
    observer.framePassedOver();
    assert.deepEqual(online(), [true, false, true]);
  });
});
