import assert from 'node:assert/strict';
import { test } from 'node:test';

import requests from '../dist/nodes/Askfirst/requests.js';

const OFFER = { sender: '200', to: ' +447700900123 ', template: 'summer_offer', language: 'en_US' };

function request(operation, parameters) {
  const read = (name, ensureType) => {
    const value = name.split('.').reduce((from, part) => from?.[part], parameters) ?? '';
    return ensureType === 'json' ? JSON.parse(value) : value;
  };
  return requests.requestOf(operation, read);
}

test('a template leaves in the shape of Meta, without a version in the address', () => {
  const sent = request('message.send', { ...OFFER, messageType: 'template' });
  assert.equal(sent.path, '/200/messages');
  assert.deepEqual(sent.headers, {});
  assert.deepEqual(sent.body, {
    messaging_product: 'whatsapp',
    to: '+447700900123',
    type: 'template',
    template: { name: 'summer_offer', language: { code: 'en_US' } },
  });
});

test('components, a campaign and the wish to hand over go along', () => {
  const components = '[{"type": "body", "parameters": [{"type": "text", "text": "Ada"}]}]';
  const sendOptions = { components, campaign: 'spring', hold: true };
  const sent = request('message.send', { ...OFFER, messageType: 'template', sendOptions });
  assert.equal(sent.body.template.components[0].parameters[0].text, 'Ada');
  assert.deepEqual(sent.headers, { 'X-Askfirst-Campaign': 'spring', 'X-Askfirst-Hold': 'true' });
});

test('the sender cannot lead to another path', () => {
  const sent = request('message.send', { ...OFFER, sender: '../v1/me', messageType: 'text', text: 'Hi' });
  assert.equal(sent.path, '/..%2Fv1%2Fme/messages');
});

test('a check names a template, a purpose, or a free-form reply', () => {
  const asked = (checkedFor) => request('message.check', { ...OFFER, checkedFor, purpose: 'utility' }).body;
  assert.deepEqual(asked('template'), { ...OFFER, to: '+447700900123' });
  assert.deepEqual(asked('purpose'), { sender: '200', to: '+447700900123', purpose: 'utility' });
  assert.deepEqual(asked('text'), { sender: '200', to: '+447700900123', purpose: 'service' });
});

test('a yes rests on a token, or on a claim with its purposes and surface', () => {
  const person = { contactBy: 'phone', contact: '+447700900123', numberProof: 'vouched' };
  const shown = request('contact.recordYes', { ...person, basis: 'token', promptToken: 't' });
  assert.deepEqual(shown.body, {
    verb: 'grant',
    contact: { phone: '+447700900123' },
    number_proof: 'vouched',
    prompt: { token: 't' },
  });
  const parameters = { basis: 'claim', purposes: 'marketing, utility', surface: 'paper', takenBy: 'A. Clerk' };
  const claimed = request('contact.recordYes', { ...person, ...parameters, promptToken: 't' }).body;
  assert.deepEqual([claimed.prompt, claimed.surface], [undefined, 'paper']);
  assert.deepEqual(claimed.purposes, ['marketing', 'utility']);
  assert.deepEqual(claimed.witness, { taken_by: 'A. Clerk' });
});

test('a no without purposes ends everything', () => {
  const said = { contactBy: 'wa_id', contact: '447700900123', kindOfNo: 'withdraw', surface: 'phone' };
  const recordOptions = { evidence: '{"call": 4711}', idempotencyKey: 'call-4711' };
  const recorded = request('contact.recordNo', { ...said, purposes: '', recordOptions });
  assert.equal(recorded.body.verb, 'withdraw');
  assert.deepEqual(recorded.body.purposes, []);
  assert.deepEqual(recorded.body.evidence, { call: 4711 });
  assert.deepEqual(recorded.headers, { 'Idempotency-Key': 'call-4711' });
});
