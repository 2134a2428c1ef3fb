/*
 * c15t's backend on a socket that is inherited, with a SQLite file: node c15t.mjs FOLDER FILE FD.
 *
 * FOLDER is where `npm install @c15t/backend kysely better-sqlite3` was run; FILE is made anew.
 */

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [folder, file, fd] = process.argv.slice(2);
const installed = createRequire(join(resolve(folder), "package.json"));

const { c15tInstance } = installed("@c15t/backend");
const { kyselyAdapter } = installed("@c15t/backend/db/adapters/kysely");
const { migrator } = installed("@c15t/backend/db/migrator");
const { DB } = installed("@c15t/backend/db/schema");
const { Kysely, SqliteDialect } = installed("kysely");
const Database = installed("better-sqlite3");

// As durable as askfirst's own file: a commit is on the disk before it is answered.
const database = new Database(file);
database.pragma("journal_mode = WAL");
database.pragma("synchronous = FULL");

const adapter = kyselyAdapter({
  db: new Kysely({ dialect: new SqliteDialect({ database }) }),
  provider: "sqlite",
});
const migration = await migrator({ db: DB.client(adapter), schema: "latest" });
await migration.execute();

const peer = c15tInstance({
  appName: "bench",
  basePath: "/",
  trustedOrigins: [],
  adapter,
  logger: { level: "error" },
});

const server = createServer(async (incoming, outgoing) => {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const answer = await peer.handler(
    new Request(`http://127.0.0.1${incoming.url}`, {
      method: incoming.method,
      headers: incoming.headers,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    }),
  );
  const content = Buffer.from(await answer.arrayBuffer());
  const headers = { "content-type": "application/json", "content-length": content.length };
  outgoing.writeHead(answer.status, headers).end(content);
});

server.listen({ fd: Number(fd) });
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    database.close();
    process.exit(0);
  });
}
