// A certified OpenID provider with one client, where everybody signs in by the name that they type.
//   node provider.mjs ISSUER CLIENT_ID CLIENT_SECRET REDIRECT_URI IN_TOKEN
// IN_TOKEN is "yes" where claims stand in the ID token, and "no" where they have to be asked for.
import Provider from "oidc-provider";

const [issuer, id, secret, redirect, inToken] = process.argv.slice(2);

const provider = new Provider(issuer, {
  clients: [{ client_id: id, client_secret: secret, redirect_uris: [redirect], response_types: ["code"] }],
  claims: { openid: ["sub"], profile: ["preferred_username"] },
  conformIdTokenClaims: inToken !== "yes",
  findAccount: (_, name) => ({ accountId: name, claims: () => ({ sub: `account-${name}`, preferred_username: name }) }),
  pkce: { required: () => true },
});

provider.listen(new URL(issuer).port, "127.0.0.1");
