// SPDX-License-Identifier: Apache-2.0
// A foreign OAuth 2.0 server for the tests: npm's oidc-provider, which wants PKCE, rotates refresh
// tokens and revokes the whole family when a used one comes back.
//
//   node oauth2_provider.mjs FOLDER PORT [ACCESS_TOKEN_SECONDS]
//
// FOLDER has node_modules. Beside the provider's own addresses:
//   GET  /rest/me      who an access token is for
//   GET  /-/log        token calls so far: [{grant, status, error}]
//   POST /-/decide     "allow" or "deny": what the person says at the consent page from now on
import http from "node:http";
import { pathToFileURL } from "node:url";

const [folder, port, lifetime = "3600"] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(`${folder}/node_modules/oidc-provider/lib/index.js`));
const issuer = `http://127.0.0.1:${port}`;
const calls = [];
let decision = "allow";

const client = (id, more) => ({
  client_id: id,
  client_secret: "client-secret-canary-3fb1c9d27e",
  redirect_uris: ["http://127.0.0.1/callback"],
  application_type: "native",
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  token_endpoint_auth_method: "client_secret_post",
  ...more,
});

const provider = new Provider(issuer, {
  clients: [
    client("app"),
    client("app-basic", { token_endpoint_auth_method: "client_secret_basic" }),
    client("machine", { grant_types: ["client_credentials"], redirect_uris: [], response_types: [], scope: "read" }),
  ],
  scopes: ["read", "write", "offline_access"],
  features: { devInteractions: { enabled: false }, clientCredentials: { enabled: true }, revocation: { enabled: true } },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async (ctx, of) => of.grantTypeAllowed("refresh_token"),
  ttl: { AccessToken: Number(lifetime), ClientCredentials: Number(lifetime), RefreshToken: 86400, AuthorizationCode: 60,
    Grant: 86400, Interaction: 600, Session: 86400 },
  findAccount: async (ctx, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
});

provider.use(async (ctx, next) => {
  await next();
  if (ctx.path === "/token") {
    calls.push({ grant: ctx.oidc?.params?.grant_type, status: ctx.status, error: ctx.body?.error });
  }
});

async function consent(request, response) {
  const details = await provider.interactionDetails(request, response);
  if (decision === "deny") {
    return provider.interactionFinished(request, response, { error: "access_denied", error_description: "denied" });
  }
  const grant = new provider.Grant({ accountId: "alice", clientId: details.params.client_id });
  grant.addOIDCScope(details.params.scope);
  const result = { login: { accountId: "alice" }, consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function me(request, response) {
  const token = (request.headers.authorization ?? "").replace(/^Bearer /, "");
  const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
  response.statusCode = found ? 200 : 401;
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(found ? { name: found.accountId ?? found.clientId } : { message: "who are you?" }));
}

async function decide(request, response) {
  decision = "";
  for await (const piece of request) decision += piece;
  response.end();
}

const oidc = provider.callback();
const server = http.createServer((request, response) => {
  const path = request.url.split("?")[0];
  const own = path.startsWith("/interaction/") ? consent : path === "/rest/me" ? me : path === "/-/decide" ? decide : null;
  if (path === "/-/log") {
    response.end(JSON.stringify(calls));
  } else if (own) {
    own(request, response).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  } else {
    oidc(request, response);
  }
});
server.listen(Number(port), "127.0.0.1", () => console.log(issuer));
process.on("SIGTERM", () => process.exit(0));
