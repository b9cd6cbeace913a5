// Keeps a list of a page up to date: asks for the same page again, and takes over the rows that are new.
"use strict";

const PERIOD = 2000;
const pause = document.querySelector("[data-pause]");
const news = document.querySelector("[data-news]");

function rows(body) {
  return new Map([...body.querySelectorAll("tr[data-key]")].map((row) => [row.dataset.key, row]));
}

/** Makes the rows of `shown` those of `fetched`. What is in both stays, with the focus that it has. */
function merge(shown, fetched) {
  const old = rows(shown);
  const now = rows(fetched);
  let added = 0;
  let before = null;
  for (const [key, row] of [...now].reverse()) {
    let place = old.get(key);
    if (!place) {
      place = document.importNode(row, true);
      place.classList.add("new");
      shown.insertBefore(place, before);
      added += 1;
    } else if (place.innerHTML !== row.innerHTML && !place.contains(document.activeElement)) {
      place.replaceChildren(...document.importNode(row, true).childNodes);
    }
    before = place;
  }
  for (const [key, row] of old) {
    if (!now.has(key) && !row.contains(document.activeElement)) row.remove();
  }
  return added;
}

async function refresh() {
  const response = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const shown = document.querySelector("[data-live]");
  const fetched = page.querySelector("[data-live]");
  if (!shown || !fetched) return;
  if (shown.tagName !== "TBODY" || fetched.tagName !== "TBODY") {
    // The first row came, or the last one went: the table itself is new.
    if (shown.tagName !== fetched.tagName) {
      const section = shown.closest("section");
      section.replaceChildren(...document.importNode(fetched.closest("section"), true).childNodes);
      news.textContent = "The list has changed.";
    }
    return;
  }
  const added = merge(shown, fetched);
  if (added > 0) news.textContent = added === 1 ? "1 new entry" : `${added} new entries`;
}

async function tick() {
  if (pause.getAttribute("aria-pressed") === "false" && !document.hidden) {
    try {
      await refresh();
    } catch {
      news.textContent = "The emulator does not answer.";
    }
  }
  setTimeout(tick, PERIOD);
}

// The navigation of a phone is wider than the phone.
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

if (pause && news) {
  pause.hidden = false;
  pause.addEventListener("click", () => {
    const paused = pause.getAttribute("aria-pressed") === "false";
    pause.setAttribute("aria-pressed", String(paused));
    news.textContent = paused ? "Paused" : "";
  });
  setTimeout(tick, PERIOD);
}
