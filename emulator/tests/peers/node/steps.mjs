// Steps of a script: each prints a line, `ok NAME`, `FAIL NAME: why` or `expected NAME: reason`.

import assert from "node:assert/strict";

export const same = (found, wanted) => assert.deepEqual(found, wanted);
export const holds = (condition, what) => assert.ok(condition, `not so: ${what}`);

// A step that has to work.
export async function step(name, does) {
  try {
    await does();
    say("ok", name);
  } catch (why) {
    say("FAIL", name, described(why));
  }
}

// A step that fails because of a mistake in the client. Once it works, the mistake is mended.
export async function wrongInClient(name, reason, does) {
  try {
    await does();
  } catch {
    say("expected", name, reason);
    return;
  }
  say("FAIL", name, `works by now, so that it is no longer true that ${reason}`);
}

// The call has to fail with this status and Okta's code.
export async function refused(call, status, code) {
  let error;
  try {
    await call;
  } catch (why) {
    error = why;
  }
  if (!error) throw new Error("was not refused");
  if (error.status === undefined) throw error;
  same([error.status, error.errorCode], [status, code]);
  return error;
}

// All items of a list, over all its pages.
export async function every(list) {
  const items = [];
  for await (const item of await list) items.push(item);
  return items;
}

export const ids = (items) => items.map((item) => item.id);

export async function run(script) {
  await script();
  console.log("end");
}

function say(outcome, name, why) {
  console.log(`${outcome} ${name}${why ? `: ${why}` : ""}`);
}

// On one line, with the place in the script.
function described(why) {
  const place = /(\w+\.mjs:\d+)/.exec((why.stack ?? "").replaceAll("steps.mjs", ""));
  const causes = why.errorCauses?.map((cause) => cause.errorSummary).join("; ") ?? "";
  const text = `${why.message ?? why} ${causes}`.replace(/\s+/g, " ").slice(0, 600);
  return `${text} (${place?.[1] ?? "?"})`;
}
