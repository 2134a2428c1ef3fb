// @kapso/whatsapp-cloud-api shows its key to its own hosts only, unless it is told to show it always.
import { WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { play } from "./play.mjs";

const { GATEWAY, KEY, NUMBER, CUSTOMER } = process.env;
const client = new WhatsAppClient({ accessToken: KEY, baseUrl: GATEWAY, graphVersion: "v24.0" });
const to = { phoneNumberId: NUMBER, to: CUSTOMER };

const idOf = (answer) => answer.messages[0].id;
await play({
  offer: async () => {
    const template = { name: "summer_offer", language: { code: "en_US" } };
    return idOf(await client.messages.sendTemplate({ ...to, template }));
  },
  text: async () => idOf(await client.messages.sendText({ ...to, body: "What a dish!" })),
  download: (id) => client.media.download({ mediaId: id, auth: "always" }),
  upload: async (bytes) => {
    const file = new Blob([bytes], { type: "image/png" });
    return (await client.media.upload({ phoneNumberId: NUMBER, type: "image", file, fileName: "menu.png" })).id;
  },
  picture: async (id) => idOf(await client.messages.sendImage({ ...to, image: { id, caption: "Our menu" } })),
});
