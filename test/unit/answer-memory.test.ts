import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AnswerMemory } from '../../src/commands/answer-memory.js';

function memory(): AnswerMemory<string> {
  return new AnswerMemory({ maxAnswers: 2, maxAgeMs: 60_000, maxAskers: 2 });
}

describe('AnswerMemory', () => {
  it('keeps an answer for a minute from when it was given', () => {
    const answers = memory();
    answers.open('a', 'print', 'first');
    assert.equal(answers.find('a', 1_000_000)?.answer, null);
    assert.deepEqual(answers.answer('a', 'done', 1_000_000), ['first']);
    assert.equal(answers.find('a', 1_060_000)?.answer, 'done');
    assert.equal(answers.find('a', 1_060_001), null);
  });

  it('gives everybody who waits for an answer, up to its limit', () => {
    const answers = memory();
    answers.open('a', 'print', 'first');
    assert.equal(answers.join('a', 'second'), true);
    assert.equal(answers.join('a', 'third'), false);
    assert.deepEqual(answers.answer('a', 'done', 0), ['first', 'second']);
    assert.equal(answers.join('a', 'late'), false);
  });

  it('forgets the oldest answer when there are too many, and counts it', () => {
    const answers = memory();
    answers.open('open', 'print', 'x');
    for (const key of ['a', 'b', 'c']) {
      answers.open(key, 'print', 'x');
      answers.answer(key, key, 1);
    }
    assert.equal(answers.find('a', 1), null);
    assert.equal(answers.find('b', 1)?.answer, 'b');
    assert.equal(answers.find('open', 1)?.answer, null);
    assert.equal(answers.forgotten, 1);
  });

  it('does not count answers that had their time', () => {
    const answers = memory();
    answers.open('a', 'print', 'x');
    answers.answer('a', 'a', 1);
    answers.find('b', 100_000);
    assert.equal(answers.forgotten, 0);
  });
});
