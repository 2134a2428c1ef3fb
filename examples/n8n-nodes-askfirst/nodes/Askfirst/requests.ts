import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

/** One call of askfirst's. */
export interface Request {
  method: IHttpRequestMethods;
  path: string;
  body: IDataObject;
  headers: Record<string, string>;
}

/** Reads a parameter of the item in hand; as JSON, where it is written so. */
export type Read = (name: string, ensureType?: 'json') => unknown;

/** The node's operations, as `resource.operation`. */
export type Operation =
  | 'message.check'
  | 'message.send'
  | 'contact.get'
  | 'contact.recordYes'
  | 'contact.recordNo';

/** Writes the call of an operation. */
export function requestOf(operation: Operation, read: Read): Request {
  return WRITERS[operation](read);
}

const WRITERS: Record<Operation, (read: Read) => Request> = {
  'message.check': check,
  'message.send': send,
  'contact.get': (read) => post('/v1/contacts/lookup', { contact: contactOf(read) }),
  'contact.recordYes': recordYes,
  'contact.recordNo': recordNo,
};

function check(read: Read): Request {
  const kind = text(read, 'checkedFor');
  const asked: Record<string, IDataObject> = {
    template: { template: text(read, 'template'), language: text(read, 'language') },
    text: { purpose: 'service' },
    purpose: { purpose: text(read, 'purpose') },
  };
  return post('/v1/check', {
    sender: text(read, 'sender'),
    to: text(read, 'to'),
    ...asked[kind],
  });
}

function send(read: Read): Request {
  const type = text(read, 'messageType');
  const body: IDataObject = { messaging_product: 'whatsapp', to: text(read, 'to'), type };
  body[type] = type === 'text' ? { body: text(read, 'text') } : templateOf(read);
  const headers = {
    'X-Askfirst-Campaign': text(read, 'sendOptions.campaign'),
    'X-Askfirst-Hold': read('sendOptions.hold') ? 'true' : '',
  };
  const path = `/${encodeURIComponent(text(read, 'sender'))}/messages`;
  return { ...post(path, body), headers: filled(headers) };
}

function templateOf(read: Read): IDataObject {
  const template = { name: text(read, 'template'), language: { code: text(read, 'language') } };
  const components = json(read, 'sendOptions.components');
  return components === undefined ? template : { ...template, components };
}

function recordYes(read: Read): Request {
  const body: IDataObject = {
    verb: 'grant',
    contact: contactOf(read),
    number_proof: text(read, 'numberProof'),
  };
  if (text(read, 'basis') === 'token') {
    body.prompt = { token: text(read, 'promptToken') };
  } else {
    body.purposes = listed(text(read, 'purposes'));
    body.surface = text(read, 'surface');
    const takenBy = text(read, 'takenBy');
    if (takenBy) body.witness = { taken_by: takenBy };
  }
  return recorded(body, read);
}

function recordNo(read: Read): Request {
  const body: IDataObject = {
    verb: text(read, 'kindOfNo'),
    contact: contactOf(read),
    purposes: listed(text(read, 'purposes')),
    surface: text(read, 'surface'),
  };
  return recorded(body, read);
}

function recorded(body: IDataObject, read: Read): Request {
  const evidence = json(read, 'recordOptions.evidence');
  if (evidence !== undefined) body.evidence = evidence;
  const occurredAt = text(read, 'recordOptions.occurredAt');
  if (occurredAt) body.occurred_at = occurredAt;
  const headers = filled({ 'Idempotency-Key': text(read, 'recordOptions.idempotencyKey') });
  return { ...post('/v1/consents', body), headers };
}

function post(path: string, body: IDataObject): Request {
  return { method: 'POST', path, body, headers: {} };
}

function contactOf(read: Read): IDataObject {
  return { [text(read, 'contactBy')]: text(read, 'contact') };
}

function text(read: Read, name: string): string {
  return String(read(name) ?? '').trim();
}

function listed(names: string): string[] {
  return names.split(',').map((name) => name.trim()).filter(Boolean);
}

function filled(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value));
}

function json(read: Read, name: string): IDataObject | undefined {
  return text(read, name) ? (read(name, 'json') as IDataObject) : undefined;
}
