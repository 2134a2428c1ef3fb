import {
  NodeApiError,
  NodeConnectionTypes,
  type IExecuteFunctions,
  type INodeExecutionData,
  type INodeType,
  type INodeTypeDescription,
  type JsonObject,
} from 'n8n-workflow';

import { outcomeOf, type Answer, type Failed, type Outcome } from './answers';
import { contactProperties } from './contactProperties';
import { messageProperties } from './messageProperties';
import { requestOf, type Operation } from './requests';

/** Programmatic, because a no of the gate leaves by an output of its own. */
export class Askfirst implements INodeType {
  description: INodeTypeDescription = {
    displayName: 'Askfirst',
    name: 'askfirst',
    icon: { light: 'file:../../icons/askfirst.svg', dark: 'file:../../icons/askfirst.dark.svg' },
    group: ['output'],
    version: 1,
    subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
    description: 'Send WhatsApp messages only to people who opted in',
    defaults: { name: 'Askfirst' },
    inputs: [NodeConnectionTypes.Main],
    outputs: `={{ $parameter["resource"] === "message" && $parameter["branches"]
      ? [{ type: "main", displayName: "Allowed" }, { type: "main", displayName: "Not Allowed" }]
      : ["main"] }}`,
    usableAsTool: true,
    credentials: [{ name: 'askfirstApi', required: true }],
    properties: [
      {
        displayName: 'Resource',
        name: 'resource',
        type: 'options',
        noDataExpression: true,
        options: [
          { name: 'Contact', value: 'contact' },
          { name: 'Message', value: 'message' },
        ],
        default: 'message',
      },
      ...messageProperties,
      ...contactProperties,
    ],
  };

  async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
    const branches = branchesOf(this);
    const outputs: INodeExecutionData[][] = branches ? [[], []] : [[]];
    for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex++) {
      const operation = operationOf(this, itemIndex);
      try {
        const answer = await ask(this, operation, itemIndex);
        const outcome = outcomeOf(operation, answer);
        const place = outcome.is === 'notAllowed' && branches ? 1 : 0;
        if (fails(outcome, operation, branches)) {
          const { message, description } = outcome;
          const shown = { message, description, httpCode: String(answer.statusCode), itemIndex };
          throw new NodeApiError(this.getNode(), outcome.json as JsonObject, shown);
        }
        outputs[place].push({ json: outcome.json, pairedItem: { item: itemIndex } });
      } catch (error) {
        if (!this.continueOnFail()) {
          throw new NodeApiError(this.getNode(), error as JsonObject, { itemIndex });
        }
        const json = { ...this.getInputData()[itemIndex].json, error: (error as Error).message };
        outputs[0].push({ json, pairedItem: { item: itemIndex } });
      }
    }
    return outputs;
  }
}

/** A contact has no refusals, whatever the parameter was when the node sent messages. */
function branchesOf(node: IExecuteFunctions): boolean {
  const isMessage = node.getNodeParameter('resource', 0) === 'message';
  return isMessage && (node.getNodeParameter('branches', 0) as boolean);
}

function operationOf(node: IExecuteFunctions, itemIndex: number): Operation {
  const resource = node.getNodeParameter('resource', itemIndex);
  return `${resource}.${node.getNodeParameter('operation', itemIndex)}` as Operation;
}

async function ask(
  node: IExecuteFunctions,
  operation: Operation,
  itemIndex: number,
): Promise<Answer> {
  const request = requestOf(operation, (name, ensureType) =>
    node.getNodeParameter(name, itemIndex, '', { ensureType }),
  );
  const { baseUrl } = await node.getCredentials('askfirstApi', itemIndex);
  return await node.helpers.httpRequestWithAuthentication.call(node, 'askfirstApi', {
    baseURL: String(baseUrl).replace(/\/+$/, ''),
    url: request.path,
    method: request.method,
    headers: request.headers,
    body: request.body,
    json: true,
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
  });
}

/** A check answers a question, so its no is an answer; a send that is refused has failed. */
function fails(outcome: Outcome, operation: Operation, branches: boolean): outcome is Failed {
  if (outcome.is === 'notAllowed') return operation === 'message.send' && !branches;
  return outcome.is === 'fault';
}
