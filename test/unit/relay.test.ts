import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Relay } from '../../src/daemon/relay.js';

describe('Relay', () => {
  it('hands on what is said once somebody listens, and nothing from before', () => {
    const relay = new Relay<string>();
    const { say } = relay;
    const heard: string[] = [];
    say('early');
    relay.to((value) => heard.push(value));
    say('in time');
    assert.deepEqual(heard, ['in time']);
  });

  it('hands on to the last one that was named', () => {
    const relay = new Relay<number>();
    const heard: string[] = [];
    relay.to((value) => heard.push(`first ${value}`));
    relay.to((value) => heard.push(`second ${value}`));
    relay.say(1);
    assert.deepEqual(heard, ['second 1']);
  });
});
