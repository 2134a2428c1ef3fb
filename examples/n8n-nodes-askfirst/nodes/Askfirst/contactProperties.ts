import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

const OF_CONTACTS = { resource: ['contact'] };
const YES = { ...OF_CONTACTS, operation: ['recordYes'] };
const NO = { ...OF_CONTACTS, operation: ['recordNo'] };

const surfaces: INodePropertyOptions[] = [
  { name: 'API', value: 'api' },
  { name: 'Chat', value: 'chat' },
  { name: 'Code', value: 'code' },
  { name: 'Import', value: 'import' },
  { name: 'Link', value: 'link' },
  { name: 'Log-In', value: 'login' },
  { name: 'Order', value: 'order' },
  { name: 'Paper', value: 'paper' },
  { name: 'Phone', value: 'phone' },
  { name: 'Preferences', value: 'preferences' },
  { name: 'QR Code', value: 'qr' },
  { name: 'Sign-Up', value: 'signup' },
];

/** What a node asks for to look at a contact, or to record what they said. */
export const contactProperties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    displayOptions: { show: OF_CONTACTS },
    options: [
      {
        name: 'Get Standing',
        value: 'get',
        description: 'Look up what a contact has agreed to, for each purpose',
        action: 'Get the standing of a contact',
      },
      {
        name: 'Record a No',
        value: 'recordNo',
        description: 'Record that somebody refused, or wants no messages any more',
        action: 'Record a no',
      },
      {
        name: 'Record a Yes',
        value: 'recordYes',
        description: 'Record that somebody opted in, with what they were shown',
        action: 'Record a yes',
      },
    ],
    default: 'get',
  },
  {
    displayName: 'Contact By',
    name: 'contactBy',
    type: 'options',
    options: [
      { name: 'Contact ID', value: 'id', description: 'As events of askfirst have it' },
      { name: 'Phone Number', value: 'phone', description: 'With a plus and the country code' },
      { name: 'User ID', value: 'bsuid', description: "Meta's business-scoped user ID" },
      { name: 'WhatsApp ID', value: 'wa_id', description: 'Digits, as webhooks have it in "from"' },
    ],
    default: 'phone',
    displayOptions: { show: OF_CONTACTS },
  },
  {
    displayName: 'Contact',
    name: 'contact',
    type: 'string',
    required: true,
    default: '',
    placeholder: '+447700900123',
    displayOptions: { show: OF_CONTACTS },
  },
  {
    displayName: 'What They Were Shown',
    name: 'basis',
    type: 'options',
    options: [
      {
        name: 'A Prompt of Askfirst',
        value: 'token',
        description: 'The token of its rendering proves what was shown',
      },
      {
        name: 'Something Else',
        value: 'claim',
        description: 'The yes is your claim, which is not enough for marketing and lifts no stop',
      },
    ],
    default: 'token',
    displayOptions: { show: YES },
  },
  {
    displayName: 'Prompt Token',
    name: 'promptToken',
    type: 'string',
    typeOptions: { password: true },
    required: true,
    default: '',
    description: 'As GET /v1/prompts/{key}/render gave it. It is good for an hour, once.',
    displayOptions: { show: { ...YES, basis: ['token'] } },
  },
  {
    displayName: 'Kind of No',
    name: 'kindOfNo',
    type: 'options',
    options: [
      { name: 'Ends an Earlier Yes', value: 'withdraw' },
      { name: 'Refused when Asked', value: 'refuse' },
    ],
    default: 'withdraw',
    displayOptions: { show: NO },
  },
  ...aboutFields({ ...YES, basis: ['claim'] }, 'Separated by commas'),
  {
    displayName: 'Taken Down By',
    name: 'takenBy',
    type: 'string',
    required: true,
    default: '',
    description: 'Your name of the person who did. It is kept encrypted.',
    displayOptions: { show: { ...YES, basis: ['claim'], surface: ['paper', 'phone'] } },
  },
  ...aboutFields(NO, 'Separated by commas. Empty, it ends everything.'),
  {
    displayName: 'Whose Number It Is',
    name: 'numberProof',
    type: 'options',
    options: [
      { name: 'Anybody Could Have Typed It', value: 'typed' },
      { name: 'We Know Them as Its Owner', value: 'vouched' },
    ],
    default: 'typed',
    description:
      'Say that you know them only of a person who is logged in, or to whom you spoke: marketing needs it, and your word stands in the record',
    displayOptions: { show: YES },
  },
  {
    displayName: 'Options',
    name: 'recordOptions',
    type: 'collection',
    placeholder: 'Add option',
    default: {},
    displayOptions: { show: { ...OF_CONTACTS, operation: ['recordYes', 'recordNo'] } },
    options: [
      {
        displayName: 'Evidence',
        name: 'evidence',
        type: 'json',
        default: '',
        description: 'An object of yours, such as the form and its version. It is kept encrypted.',
      },
      {
        displayName: 'Idempotency Key',
        name: 'idempotencyKey',
        type: 'string',
        typeOptions: { password: false },
        default: '',
        description: 'Such as the ID of the form that was sent: the same key records once',
      },
      {
        displayName: 'When They Said It',
        name: 'occurredAt',
        type: 'string',
        default: '',
        placeholder: '2026-01-31T09:00:00+01:00',
        description: 'A time with its zone, not in the future. Left out: now.',
      },
    ],
  },
];

function aboutFields(show: Record<string, string[]>, purposes: string): INodeProperties[] {
  return [
    {
      displayName: 'Purposes',
      name: 'purposes',
      type: 'string',
      default: 'marketing',
      description: purposes,
      displayOptions: { show },
    },
    {
      displayName: 'Where They Said It',
      name: 'surface',
      type: 'options',
      options: surfaces,
      default: 'api',
      displayOptions: { show },
    },
  ];
}
