import type { IDataObject } from 'n8n-workflow';

import type { Operation } from './requests';

/** What came back of a call. */
export interface Answer {
  statusCode: number;
  body: unknown;
}

/** How a call ended: with an item, with an item that says no, or with a fault. */
export type Outcome = { is: 'done'; json: IDataObject } | Failed;

/** What n8n shows where it fails: a title, and a line below. */
export interface Failed {
  is: 'notAllowed' | 'fault';
  json: IDataObject;
  message: string;
  description: string;
}

/** Reads an answer. A no of the gate is no fault, so it comes out apart. */
export function outcomeOf(operation: Operation, { statusCode, body }: Answer): Outcome {
  const answer = (typeof body === 'object' && body !== null ? body : {}) as IDataObject;
  const error = answer.error as IDataObject | undefined;
  if ((error?.askfirst as IDataObject | undefined)?.verdict) return refused(error as IDataObject);
  if (operation === 'contact.get' && statusCode === 404) {
    return { is: 'done', json: { known: false, standing: [] } };
  }
  if (statusCode < 200 || statusCode >= 300) return fault(statusCode, answer);
  if (operation === 'message.check') return checked(answer);
  if (operation === 'message.send') return sent(answer);
  const known = operation === 'contact.get' ? { known: true } : {};
  return { is: 'done', json: { ...known, ...answer } };
}

/** What was handed over is decided on again later, so it is not allowed yet. */
function sent(answer: IDataObject): Outcome {
  const held = (answer.askfirst as IDataObject | undefined)?.verdict === 'wait';
  return { is: 'done', json: { allowed: !held, held, ...answer } };
}

function checked(answer: IDataObject): Outcome {
  const json = { allowed: answer.verdict === 'allow', ...answer };
  if (json.allowed) return { is: 'done', json };
  const reasons = answer.reasons as IDataObject[];
  const details = reasons.map((one) => `${one.explanation} ${one.remedy}`.trim()).join(' ');
  return no(json, reasons.map((one) => String(one.code)), details);
}

function refused(error: IDataObject): Outcome {
  const said = error.askfirst as IDataObject;
  const details = String((error.error_data as IDataObject | undefined)?.details ?? error.message);
  const json = { allowed: false, ...said, code: error.code, details };
  return no(json, (said.reasons ?? []) as string[], details);
}

function no(json: IDataObject, reasons: string[], details: string): Failed {
  const later = json.retry_at ? ` May be sent from ${json.retry_at} on.` : '';
  return {
    is: 'notAllowed',
    json,
    message: `Not allowed: ${details}`,
    description: `Reason: ${reasons.join(', ')}.${later}`,
  };
}

/** Says in words what Meta's shape or a problem (RFC 9457) says. */
function fault(statusCode: number, answer: IDataObject): Failed {
  const error = answer.error as IDataObject | undefined;
  if (error) {
    const details = (error.error_data as IDataObject | undefined)?.details;
    const description = String(details ?? '');
    return { is: 'fault', json: {}, message: String(error.message), description };
  }
  const fields = (answer.errors ?? []) as IDataObject[];
  const title = answer.title ?? `askfirst answered with status ${statusCode}`;
  return {
    is: 'fault',
    json: {},
    message: answer.detail ? `${title}: ${answer.detail}` : String(title),
    // Of a single field `detail` says the same.
    description: fields.length > 1 ? fields.map((one) => `${one.field}: ${one.message}`).join('\n') : '',
  };
}
