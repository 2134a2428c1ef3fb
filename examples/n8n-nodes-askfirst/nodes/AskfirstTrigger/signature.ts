import { createHmac, timingSafeEqual } from 'crypto';

const TOLERANCE_SECONDS = 300;
const PREFIX = 'whsec_';

/**
 * Says whether a body is signed as Standard Webhooks has it, with this secret and not long ago.
 *
 * After a rotation there are two signatures, of which one has to match. `now` is in milliseconds.
 */
export function isSigned(
  body: string,
  headers: Record<string, unknown>,
  secret: string,
  now: number,
): boolean {
  const [id, time, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`] ?? ''),
  );
  const age = Math.abs(now / 1000 - Number(time));
  if (!secret || !id || !/^\d+$/.test(time) || age > TOLERANCE_SECONDS) return false;
  const key = Buffer.from(secret.replace(PREFIX, ''), 'base64');
  const right = createHmac('sha256', key).update(`${id}.${time}.${body}`).digest();
  return signatures.split(' ').some((one) => {
    const [version, signature] = one.split(',');
    const given = Buffer.from(signature ?? '', 'base64');
    return version === 'v1' && given.length === right.length && timingSafeEqual(given, right);
  });
}
