// What every client does; what it says goes to standard output as JSON.
const { MEDIA } = process.env;

export async function play(client) {
  const said = {};
  try {
    if (MEDIA) {
      said.text = await client.text();
      const bytes = new Uint8Array(await client.download(MEDIA));
      said.bytes = Buffer.from(bytes).toString("base64");
      said.picture = await client.picture(await client.upload(bytes));
    }
    said.offer = await client.offer();
  } catch (error) {
    said.error = { ...error, name: error.name, message: error.message };
  }
  console.log(JSON.stringify(said));
}
