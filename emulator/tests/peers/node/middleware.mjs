// A web application with Okta's middleware for Express, and a browser that does no more than keep cookies.

import http from "node:http";
import express from "express";
import session from "express-session";
import middleware from "@okta/oidc-middleware";
import { holds, run, same, step } from "./steps.mjs";

const { env } = process;

// The application, on a free port.
async function application() {
  const app = express();
  const server = http.createServer(app);
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  const url = `http://localhost:${server.address().port}`;
  const oidc = new middleware.ExpressOIDC({
    issuer: env.ISSUER,
    client_id: env.WEB_CLIENT_ID,
    client_secret: env.WEB_CLIENT_SECRET,
    appBaseUrl: url,
    scope: "openid profile email",
    routes: { loginCallback: { path: "/callback", afterCallback: "/profile" } },
    testing: { disableHttpsCheck: true },
  });
  app.use(session({ secret: "only for this run", resave: true, saveUninitialized: false }));
  app.use(oidc.router);
  app.get("/", (_, answer) => answer.send("home"));
  app.get("/profile", oidc.ensureAuthenticated(), (request, answer) => answer.json(request.userContext.userinfo));
  app.post("/logout", oidc.forceLogoutAndRevoke(), (_, answer) => answer.send("not reached"));
  await new Promise((ready, broken) => oidc.on("ready", ready).on("error", broken));
  return { server, url };
}

// Follows redirects, and keeps the cookies of each host and port.
function browser() {
  const jars = new Map();
  const visited = [];
  return {
    visited,
    async open(url, options = {}) {
      let answer;
      for (let hops = 0; hops < 10; hops++) {
        const { origin } = new URL(url);
        const jar = jars.get(origin) ?? jars.set(origin, new Map()).get(origin);
        const cookie = [...jar].map((pair) => pair.join("=")).join("; ");
        answer = await fetch(url, { ...options, redirect: "manual", headers: { accept: "text/html", cookie } });
        visited.push(url);
        for (const line of answer.headers.getSetCookie()) {
          const [name, ...value] = line.split(";")[0].split("=");
          jar.set(name, value.join("="));
        }
        if (!answer.headers.has("location")) return answer;
        url = new URL(answer.headers.get("location"), url).href;
        options = {};
      }
      throw new Error(`too many redirects: ${url}`);
    },
  };
}

await run(async () => {
  let app;
  const { open, visited } = browser();
  await step("the application finds the authorization server", async () => {
    app = await application();
  });
  await step("a protected page leads to the login and back", async () => {
    const answer = await open(`${app.url}/profile`);
    same((await answer.json()).email, "grace@example.com");
    holds(visited.some((url) => url.startsWith(`${env.ISSUER}/v1/authorize?`)), "the browser was at Okta");
  });
  await step("the session stays", async () => {
    const before = visited.length;
    same((await open(`${app.url}/profile`)).status, 200);
    same(visited.length, before + 1);
  });
  await step("logging out ends at Okta, and comes back", async () => {
    const answer = await open(`${app.url}/logout`, { method: "POST" });
    same(await answer.text(), "home");
    holds(visited.some((url) => url.startsWith(`${env.ISSUER}/v1/logout?`)), "the browser was at Okta");
  });
  await step("then the page asks for a login again", async () => {
    const before = visited.length;
    await open(`${app.url}/profile`);
    holds(visited.length > before + 1, "there was a login");
  });
  app.server.close();
  app.server.closeAllConnections();
});
