// The console without it is whole; with it, it is quicker. No inline code anywhere:
// the pages' policy forbids it.
"use strict";

const root = document.documentElement;
const charts = new Map();

function drawCharts(within) {
  for (const place of within.querySelectorAll("[data-chart]")) {
    charts.get(place)?.dispose();
    const dark = root.dataset.bsTheme === "dark";
    const chart = echarts.init(place, dark ? "dark" : null, { renderer: "svg" });
    const asked = JSON.parse(place.dataset.chart);
    chart.setOption({
      backgroundColor: "transparent",
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText" },
      aria: { enabled: true },
      ...asked,
    });
    charts.set(place, chart);
  }
}

function forget() {
  for (const [place, chart] of charts) {
    if (!place.isConnected) {
      chart.dispose();
      charts.delete(place);
    }
  }
}

addEventListener("resize", () => charts.forEach((chart) => chart.resize()));

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-switch]");
  if (button) {
    const next = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = next;
    localStorage.setItem("scheme", next);
    drawCharts(document);
  }
  for (const drop of document.querySelectorAll("details.drop[open]")) {
    if (!drop.contains(event.target)) drop.open = false;
  }
});

document.addEventListener("submit", (event) => {
  const words = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (words && !confirm(words)) event.preventDefault();
  // A second click sends nothing twice either way; this spares the doubt.
  const once = !event.defaultPrevented && event.submitter?.closest("[data-once]");
  if (once) setTimeout(() => { once.disabled = true; }, 0);
});

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !writing) {
    document.getElementById("find")?.focus();
    event.preventDefault();
  }
  if (event.key === "Escape") {
    for (const drop of document.querySelectorAll("details.drop[open]")) drop.open = false;
  }
});

// Characters and segments while somebody writes: a hint, the preview counts exactly.
document.addEventListener("input", (event) => {
  const counter = event.target.dataset?.counter && document.getElementById(event.target.dataset.counter);
  if (counter) counter.textContent = [...event.target.value].length;
});

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-tick-all]");
  if (!all) return;
  for (const box of all.closest("table").querySelectorAll("tbody input[type=checkbox]")) box.checked = all.checked;
});

// A part of the page that comes anew by itself; the server sends whole fragments.
for (const place of document.querySelectorAll("[data-live]")) {
  const source = new EventSource(place.dataset.live);
  source.addEventListener("shown", (event) => {
    place.innerHTML = event.data;
    place.classList.remove("stale");
  });
  source.addEventListener("error", () => place.classList.add("stale"));
  addEventListener("pagehide", () => source.close());
}

document.addEventListener("htmx:afterSwap", (event) => {
  forget();
  drawCharts(event.target);
});
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector("input[name=_csrf]")?.value;
  if (token) event.detail.headers["X-Csrf"] = token;
});
drawCharts(document);
