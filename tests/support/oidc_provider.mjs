// A provider of single sign-on: oidc-provider, for one client. Whoever signs in is the address that they type, which it
// has checked unless it begins with "unverified".
//
//     node oidc_provider.mjs PORT CALLBACK SECRET

import { Provider } from "oidc-provider";

const [port = "", callback = "", secret = ""] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "askfirst", client_secret: secret, redirect_uris: [callback], response_types: ["code"] }],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  cookies: { keys: ["of this run"] },
  findAccount: (_, email) => ({
    accountId: email,
    claims: () => ({ sub: email, email, email_verified: !email.startsWith("unverified") }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
