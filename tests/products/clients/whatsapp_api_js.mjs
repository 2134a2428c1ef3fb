// whatsapp-api-js has no setting for the address: its own fetch is where requests are turned.
import { WhatsAppAPI } from "whatsapp-api-js";
import { Image, Language, Template, Text } from "whatsapp-api-js/messages";
import { play } from "./play.mjs";

const { GATEWAY, KEY, NUMBER, CUSTOMER } = process.env;
const turned = (url, init) => fetch(String(url).replace("https://graph.facebook.com", GATEWAY), init);
const client = new WhatsAppAPI({ token: KEY, v: "v26.0", secure: false, ponyfill: { fetch: turned } });

const idOf = (answer) => answer.messages?.[0].id ?? answer;
await play({
  offer: async () =>
    idOf(await client.sendMessage(NUMBER, CUSTOMER, new Template("summer_offer", new Language("en_US")))),
  text: async () => idOf(await client.sendMessage(NUMBER, CUSTOMER, new Text("What a dish!"))),
  download: async (id) => {
    const { url } = await client.retrieveMedia(id);
    return (await client.fetchMedia(url)).arrayBuffer();
  },
  upload: async (bytes) => {
    const form = new FormData();
    form.set("file", new Blob([bytes], { type: "image/png" }), "menu.png");
    return (await client.uploadMedia(NUMBER, form)).id;
  },
  picture: async (id) => idOf(await client.sendMessage(NUMBER, CUSTOMER, new Image(id, true, "Our menu"))),
});
