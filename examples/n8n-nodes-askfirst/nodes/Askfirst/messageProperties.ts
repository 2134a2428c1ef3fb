import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

const OF_MESSAGES = { resource: ['message'] };
const CHECK = { ...OF_MESSAGES, operation: ['check'] };
const SEND = { ...OF_MESSAGES, operation: ['send'] };

const sendable: INodePropertyOptions[] = [
  { name: 'Template', value: 'template', description: 'Needs an opt-in for its category' },
  { name: 'Text', value: 'text', description: 'Needs that they have written within 24 hours' },
];
const checkable: INodePropertyOptions[] = [...sendable, { name: 'Purpose', value: 'purpose' }];

/** What a node asks for to check or send a message. */
export const messageProperties: INodeProperties[] = [
  {
    displayName: 'Operation',
    name: 'operation',
    type: 'options',
    noDataExpression: true,
    displayOptions: { show: OF_MESSAGES },
    options: [
      {
        name: 'Check',
        value: 'check',
        description: 'Ask whether a message may be sent now. Nothing is sent.',
        action: 'Check whether a message may be sent',
      },
      {
        name: 'Send',
        value: 'send',
        description: 'Send a template or a text through the gate',
        action: 'Send a message through the gate',
      },
    ],
    default: 'send',
  },
  {
    displayName: 'Sender',
    name: 'sender',
    type: 'string',
    required: true,
    default: '',
    placeholder: '200000000000001',
    description: "Meta's phone number ID of your number",
    displayOptions: { show: OF_MESSAGES },
  },
  {
    displayName: 'To',
    name: 'to',
    type: 'string',
    required: true,
    default: '',
    placeholder: '+447700900123',
    description: 'The number with its country code',
    displayOptions: { show: OF_MESSAGES },
  },
  {
    displayName: 'Check For',
    name: 'checkedFor',
    type: 'options',
    options: checkable,
    default: 'template',
    displayOptions: { show: CHECK },
  },
  {
    displayName: 'Message Type',
    name: 'messageType',
    type: 'options',
    options: sendable,
    default: 'template',
    displayOptions: { show: SEND },
  },
  {
    displayName: 'Purpose',
    name: 'purpose',
    type: 'string',
    required: true,
    default: 'marketing',
    description: 'One of "authentication", "utility" and "marketing", or a topic of yours',
    displayOptions: { show: { ...CHECK, checkedFor: ['purpose'] } },
  },
  ...templateFields({ ...CHECK, checkedFor: ['template'] }),
  ...templateFields({ ...SEND, messageType: ['template'] }),
  {
    displayName: 'Text',
    name: 'text',
    type: 'string',
    typeOptions: { rows: 4 },
    required: true,
    default: '',
    displayOptions: { show: { ...SEND, messageType: ['text'] } },
  },
  {
    displayName: 'Separate Output for Refusals',
    name: 'branches',
    type: 'boolean',
    default: false,
    description:
      'Whether what is not allowed leaves by an output of its own. Otherwise a check says so in its item, and a send fails with the reason.',
    displayOptions: { show: OF_MESSAGES },
  },
  {
    displayName: 'Options',
    name: 'sendOptions',
    type: 'collection',
    placeholder: 'Add option',
    default: {},
    displayOptions: { show: SEND },
    options: [
      {
        displayName: 'Campaign',
        name: 'campaign',
        type: 'string',
        default: '',
        description: 'A label to count the send under. It does not leave askfirst.',
      },
      {
        displayName: 'Components',
        name: 'components',
        type: 'json',
        default: '',
        description: "What fills in the template, as Meta's list of components",
      },
      {
        displayName: 'Hand Over Until It May Be Sent',
        name: 'hold',
        type: 'boolean',
        default: false,
        description:
          'Whether askfirst keeps a message for which only the moment is wrong, for a day at most, and decides on it again then',
      },
    ],
  },
];

function templateFields(show: Record<string, string[]>): INodeProperties[] {
  return [
    {
      displayName: 'Template',
      name: 'template',
      type: 'string',
      required: true,
      default: '',
      placeholder: 'summer_offer',
      displayOptions: { show },
    },
    {
      displayName: 'Language',
      name: 'language',
      type: 'string',
      required: true,
      default: 'en_US',
      displayOptions: { show },
    },
  ];
}
