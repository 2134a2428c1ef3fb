import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import signature from '../dist/nodes/AskfirstTrigger/signature.js';

const KEY = Buffer.from('a key of twenty-four byte');
const SECRET = `whsec_${KEY.toString('base64')}`;
const BODY = '{"id": "evt_1", "type": "askfirst.consent.withdrawn", "name": "Café"}';
const NOW = 1_768_478_400_000;

function headers(changed = {}, time = NOW / 1000, key = KEY) {
  const signed = createHmac('sha256', key).update(`evt_1.${time}.${BODY}`).digest('base64');
  const own = { 'webhook-id': 'evt_1', 'webhook-timestamp': `${time}`, 'webhook-signature': `v1,${signed}` };
  return { ...own, ...changed };
}

const isSigned = (given, body = BODY, secret = SECRET) => signature.isSigned(body, given, secret, NOW);

test('what askfirst has signed is taken, also beside a signature by another secret', () => {
  assert.ok(isSigned(headers()));
  const both = `v1,${Buffer.alloc(32).toString('base64')} ${headers()['webhook-signature']}`;
  assert.ok(isSigned(headers({ 'webhook-signature': both })));
});

test('another body, id, time or key is not taken', () => {
  assert.ok(!isSigned(headers(), BODY.replace('withdrawn', 'granted')));
  assert.ok(!isSigned(headers({ 'webhook-id': 'evt_2' })));
  assert.ok(!isSigned(headers({ 'webhook-timestamp': '1768478401' })));
  assert.ok(!isSigned(headers({}, NOW / 1000, Buffer.from('another key'))));
});

test('what is missing or short is not taken', () => {
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
    assert.ok(!isSigned(headers({ [name]: undefined })), name);
  }
  for (const short of ['', 'v1', 'v1,', 'v1,AAAA', 'v2,' + headers()['webhook-signature'].slice(3)]) {
    assert.ok(!isSigned(headers({ 'webhook-signature': short })), short);
  }
  assert.ok(!isSigned(headers({}, NOW / 1000, Buffer.alloc(0)), BODY, ''));
});

test('what was signed more than five minutes ago, or ahead, is not taken', () => {
  assert.ok(isSigned(headers({}, NOW / 1000 - 299)));
  assert.ok(!isSigned(headers({}, NOW / 1000 - 301)));
  assert.ok(!isSigned(headers({}, NOW / 1000 + 301)));
});
