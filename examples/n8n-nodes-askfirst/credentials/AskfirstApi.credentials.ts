import type {
  IAuthenticateGeneric,
  ICredentialTestRequest,
  ICredentialType,
  Icon,
  INodeProperties,
} from 'n8n-workflow';

/** A server and a key of it. The test asks the server whose key it is, which any live key may. */
export class AskfirstApi implements ICredentialType {
  name = 'askfirstApi';

  displayName = 'Askfirst API';

  icon: Icon = { light: 'file:../icons/askfirst.svg', dark: 'file:../icons/askfirst.dark.svg' };

  documentationUrl = 'https://askfirst.example/docs/guide/products/n8n';

  properties: INodeProperties[] = [
    {
      displayName: 'Server Address',
      name: 'baseUrl',
      type: 'string',
      default: '',
      required: true,
      placeholder: 'https://askfirst.example',
      description: 'Where n8n reaches your askfirst, without a path',
    },
    {
      displayName: 'API Key',
      name: 'apiKey',
      type: 'string',
      typeOptions: { password: true },
      default: '',
      required: true,
      description: 'Made by "askfirst keys create"',
    },
  ];

  authenticate: IAuthenticateGeneric = {
    type: 'generic',
    properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
  };

  test: ICredentialTestRequest = {
    request: { baseURL: '={{$credentials.baseUrl.replace(/\\/+$/, "")}}', url: '/v1/me' },
  };
}
