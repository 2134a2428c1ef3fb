import {
  NodeApiError,
  NodeConnectionTypes,
  type IDataObject,
  type IHookFunctions,
  type IHttpRequestMethods,
  type INodeType,
  type INodeTypeDescription,
  type IWebhookFunctions,
  type IWebhookResponseData,
  type JsonObject,
} from 'n8n-workflow';

import { isSigned } from './signature';

const SUBSCRIPTIONS = '/v1/subscriptions';

/** Starts a workflow at each change of consent: a subscription of askfirst's, made and ended by n8n. */
export class AskfirstTrigger implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Askfirst Trigger',
    name: 'askfirstTrigger',
    icon: { light: 'file:../../icons/askfirst.svg', dark: 'file:../../icons/askfirst.dark.svg' },
    group: ['trigger'],
    version: 1,
    subtitle: '={{ $parameter["kinds"].join(", ") || "every change" }}',
    description: 'Starts a workflow when somebody opts in or out',
    defaults: { name: 'Askfirst Trigger' },
    inputs: [],
    outputs: [NodeConnectionTypes.Main],
    credentials: [{ name: 'askfirstApi', required: true }],
    webhooks: [
      { name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'askfirst' },
    ],
    properties: [
      {
        displayName: 'Kinds of Events',
        name: 'kinds',
        type: 'multiOptions',
        options: [
          { name: 'Asked to Clarify', value: 'doubted' },
          { name: 'Confirmed', value: 'confirmed' },
          { name: 'Opted In', value: 'granted' },
          { name: 'Opted Out', value: 'withdrawn' },
          { name: 'Refused', value: 'refused' },
          { name: 'Suspended', value: 'suspended' },
          { name: 'Switched Offers Off in WhatsApp', value: 'native_stopped' },
          { name: 'Switched Offers On in WhatsApp', value: 'native_resumed' },
        ],
        default: ['granted', 'withdrawn'],
        description: 'None chosen: every change',
      },
      {
        displayName: 'Purposes',
        name: 'purposes',
        type: 'string',
        default: '',
        placeholder: 'marketing',
        description: 'Separated by commas. Empty, it starts for all of them.',
      },
    ],
  };

  webhookMethods = {
    default: {
      async checkExists(this: IHookFunctions): Promise<boolean> {
        const known = this.getWorkflowStaticData('node');
        if (!known.id) return false;
        const { statusCode, body } = await call(this, 'GET', `${SUBSCRIPTIONS}/${known.id}`);
        if (statusCode === 200) return body.url === this.getNodeWebhookUrl('default');
        if (statusCode === 404) return false;
        throw unexpected(this, body);
      },

      async create(this: IHookFunctions): Promise<boolean> {
        // Where n8n has another address now, the subscription to the old one is still there.
        if (!(await ended(this))) return false;
        const purposes = (this.getNodeParameter('purposes') as string).split(',');
        const { statusCode, body } = await call(this, 'POST', SUBSCRIPTIONS, {
          url: this.getNodeWebhookUrl('default'),
          kinds: this.getNodeParameter('kinds'),
          purposes: purposes.map((one) => one.trim()).filter(Boolean),
        });
        if (statusCode !== 201) throw unexpected(this, body);
        Object.assign(this.getWorkflowStaticData('node'), { id: body.id, secret: body.secret });
        return true;
      },

      async delete(this: IHookFunctions): Promise<boolean> {
        return await ended(this);
      },
    },
  };

  async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
    const { secret } = this.getWorkflowStaticData('node');
    const request = this.getRequestObject();
    const body = request.rawBody.toString();
    if (!isSigned(body, this.getHeaderData(), String(secret ?? ''), Date.now())) {
      this.getResponseObject().status(401).json({ message: 'The signature does not match.' });
      return { noWebhookResponse: true };
    }
    return { workflowData: [this.helpers.returnJsonArray(JSON.parse(body) as IDataObject)] };
  }
}

/** Ends the subscription that the workflow knows; says whether there is none any more. */
async function ended(hook: IHookFunctions): Promise<boolean> {
  const known = hook.getWorkflowStaticData('node');
  if (!known.id) return true;
  const { statusCode } = await call(hook, 'DELETE', `${SUBSCRIPTIONS}/${known.id}`);
  if (statusCode !== 204 && statusCode !== 404) return false;
  delete known.id;
  delete known.secret;
  return true;
}

async function call(
  hook: IHookFunctions,
  method: IHttpRequestMethods,
  path: string,
  body?: IDataObject,
): Promise<{ statusCode: number; body: IDataObject }> {
  const { baseUrl } = await hook.getCredentials('askfirstApi');
  return await hook.helpers.httpRequestWithAuthentication.call(hook, 'askfirstApi', {
    baseURL: String(baseUrl).replace(/\/+$/, ''),
    url: path,
    method,
    body,
    json: true,
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
  });
}

function unexpected(hook: IHookFunctions, body: IDataObject): NodeApiError {
  const message = body.detail ? `${body.title}: ${body.detail}` : String(body.title ?? '');
  return new NodeApiError(hook.getNode(), body as JsonObject, { message });
}
