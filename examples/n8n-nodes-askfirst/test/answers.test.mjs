import assert from 'node:assert/strict';
import { test } from 'node:test';

import answers from '../dist/nodes/Askfirst/answers.js';

const outcome = (operation, statusCode, body) => answers.outcomeOf(operation, { statusCode, body });

const REFUSED = {
  error: {
    message: '(#131050) Refused by askfirst: no_opt_in',
    code: 131050,
    error_data: { details: 'There is no opt-in.' },
    askfirst: { decision_id: 'dec_1', verdict: 'deny', reasons: ['no_opt_in'] },
  },
};

test('a refused send says the reason in words, and for programs', () => {
  const refused = outcome('message.send', 400, REFUSED);
  assert.equal(refused.is, 'notAllowed');
  assert.equal(refused.message, 'Not allowed: There is no opt-in.');
  assert.equal(refused.description, 'Reason: no_opt_in.');
  assert.deepEqual(refused.json, {
    allowed: false,
    decision_id: 'dec_1',
    verdict: 'deny',
    reasons: ['no_opt_in'],
    code: 131050,
    details: 'There is no opt-in.',
  });
});

test('what may be sent later says from when on', () => {
  const askfirst = { verdict: 'wait', reasons: ['quiet_hours'], retry_at: '2026-02-01T09:00:00Z' };
  const refused = outcome('message.send', 429, { error: { ...REFUSED.error, askfirst } });
  assert.equal(refused.description, 'Reason: quiet_hours. May be sent from 2026-02-01T09:00:00Z on.');
});

test('a message that was handed over is held, and not allowed yet', () => {
  const messages = [{ id: 'hld_1', message_status: 'held' }];
  const askfirst = { verdict: 'wait', reasons: ['quiet_hours'] };
  const { is, json } = outcome('message.send', 200, { messages, askfirst });
  assert.deepEqual([is, json.allowed, json.held], ['done', false, true]);
  const gone = outcome('message.send', 200, { messages: [{ id: 'wamid.1' }] });
  assert.deepEqual([gone.json.allowed, gone.json.held], [true, false]);
});

test("an error of Meta's, or of the key, is a fault and no refusal", () => {
  const details = 'No live key.';
  const error = { message: '(#190) Invalid key', code: 190, error_data: { details }, askfirst: {} };
  const failed = outcome('message.send', 401, { error });
  assert.deepEqual(failed, { is: 'fault', json: {}, message: '(#190) Invalid key', description: details });
});

test('a problem names each field, and says nothing twice', () => {
  const detail = 'verb: is missing';
  const errors = [
    { field: 'verb', message: 'is missing' },
    { field: 'contact', message: 'is missing' },
  ];
  const failed = (given) =>
    outcome('contact.recordYes', 422, { title: 'A value is not valid', detail, errors: given });
  assert.equal(failed(errors).message, 'A value is not valid: verb: is missing');
  assert.equal(failed(errors).description, 'verb: is missing\ncontact: is missing');
  assert.equal(failed(errors.slice(0, 1)).description, '');
});

test('an answer that is no JSON is a fault with its status', () => {
  assert.equal(outcome('contact.get', 502, '<html>').message, 'askfirst answered with status 502');
});

test('a check that says no carries reasons and remedies', () => {
  const reasons = [{ code: 'no_opt_in', explanation: 'There is no opt-in.', remedy: 'Ask first.' }];
  const checked = outcome('message.check', 200, { verdict: 'deny', reasons });
  assert.equal(checked.is, 'notAllowed');
  assert.equal(checked.json.allowed, false);
  assert.equal(checked.message, 'Not allowed: There is no opt-in. Ask first.');
});

test('a verdict other than allow is never taken for one', () => {
  for (const verdict of ['deny', 'wait', 'ALLOW', undefined]) {
    assert.equal(outcome('message.check', 200, { verdict, reasons: [] }).json.allowed, false);
  }
  assert.equal(outcome('message.check', 200, { verdict: 'allow', reasons: [] }).json.allowed, true);
});

test('somebody who has said nothing is not known, which is no fault', () => {
  const missing = outcome('contact.get', 404, { title: 'Not found' });
  assert.deepEqual(missing, { is: 'done', json: { known: false, standing: [] } });
});
